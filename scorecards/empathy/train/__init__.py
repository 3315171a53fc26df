"""How the engine "reader" is trained. Nothing here runs in production.

    pip install -r requirements/train.txt
    python -m scorecards.empathy.train feelings --work DIR    stage 1: feelings in general
    python -m scorecards.empathy.train hold     --work DIR    stage 2: the judgements
    python -m scorecards.empathy.train roles    --work DIR    who talks like an agent
    python -m scorecards.empathy.train weigh    --work DIR    mixing and gate, by what is left out
    python -m scorecards.empathy.train figures  --work DIR    accuracy on sources never seen
    python -m scorecards.empathy.train ship     --work DIR    puts the weights where the engine is

What ships is the network that "hold" trained: the figures are those of the engine that runs.
docs/engine.md says what was tried, on what material, and with which figures.
"""
