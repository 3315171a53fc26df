"""How the engine "reader" is trained. Nothing here runs in production.

    pip install -r requirements/train.txt
    python -m scorecards.empathy.train feelings --work DIR    stage 1: feelings in general
    python -m scorecards.empathy.train hold     --work DIR    trains on a part of the material
    python -m scorecards.empathy.train weigh    --work DIR    gate and mixing, from the other part
    python -m scorecards.empathy.train figures  --work DIR    accuracy on that other part
    python -m scorecards.empathy.train fit      --work DIR    trains on everything and exports
    python -m scorecards.empathy.train.convert MODEL          rounds the weights of reader-2.0 anew

docs/engine.md says what was tried, on what material, and with which figures.
"""
