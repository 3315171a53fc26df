"""How the engine "reader" is trained. Nothing here runs in production.

    pip install -r requirements/train.txt
    python -m scorecards.empathy.train feelings --work DIR    stage 1: feelings in general
    python -m scorecards.empathy.train hold     --work DIR    stage 2: the judgements
    python -m scorecards.empathy.train roles    --work DIR    who talks like an agent
    python -m scorecards.empathy.train weigh    --work DIR    mixing and gate, by what is left out
    python -m scorecards.empathy.train figures  --work DIR    accuracy on sources never seen
    python -m scorecards.empathy.train whole    --work DIR    a last pass over all there is
    python -m scorecards.empathy.train ship     --work DIR    puts the weights where the engine is

The figures are those of the network that "hold" trained, on sources that it has not seen. What
ships has then seen these sources too.
docs/engine.md says what was tried, on what material, and with which figures.
"""
