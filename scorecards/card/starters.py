"""The two cards that every organization starts with."""

from typing import Any

EMPATHY: dict[str, Any] = {
    "name": "Empathy",
    "moments_weight": 60,
    "sections": [
        {
            "title": "Answering feelings",
            "weight": 20,
            "questions": [
                {
                    "id": "most_met",
                    "text": "Answered at least two feelings in three with empathy",
                    "kind": "yes_no",
                    "help": "Named, accepted or shared what the customer feels. An apology alone "
                    "does not.",
                    "weight": 10,
                    "causes": [
                        "Did not notice the feeling",
                        "Noticed it and went straight to the task",
                        "Kept to a script",
                        "Was under pressure of time",
                    ],
                    "bound": {"figure": "empathy_share", "at_least": 66},
                },
                {
                    "id": "specific_once",
                    "text": "Related to the customer's own situation at least once",
                    "kind": "yes_no",
                    "help": "Specific empathy: what is particular about this customer. Words that "
                    "could be pasted under any message are generic.",
                    "weight": 10,
                    "bound": {"figure": "some_specific"},
                },
                {
                    "id": "no_bare_apology",
                    "text": "Left no apology standing by itself",
                    "kind": "yes_no",
                    "help": "An apology followed by what it must be like for the customer is "
                    "complete; by itself it stays on the company's side.",
                    "weight": 10,
                    "bound": {"figure": "no_bare_apology"},
                },
                {
                    "id": "no_dismissal",
                    "text": "Dismissed no feeling",
                    "kind": "yes_no",
                    "help": "Dismissal belittles, blames, contradicts or brushes off: “calm down”, "
                    "“you should have read the terms”. A plain refusal is none.",
                    "weight": 10,
                    "critical": "section",
                    "causes": ["Was provoked", "Defended the company", "Was under pressure"],
                    "bound": {"figure": "no_dismissal"},
                },
            ],
        },
        {
            "title": "Conduct",
            "weight": 20,
            "questions": [
                {
                    "id": "let_finish",
                    "text": "Let the customer finish before answering",
                    "kind": "yes_no",
                    "help": "No talking over, no answer to a question that was not asked.",
                    "weight": 10,
                },
                {
                    "id": "own_words",
                    "text": "Spoke in their own words",
                    "kind": "yes_no",
                    "help": "Not a line that could be pasted under any message.",
                    "weight": 10,
                },
                {
                    "id": "what_next",
                    "text": "Said what happens next",
                    "kind": "yes_no",
                    "help": "Who does what, by when, and what the customer need not do.",
                    "weight": 10,
                },
            ],
        },
    ],
}

GENERAL: dict[str, Any] = {
    "name": "General service quality",
    "moments_weight": 20,
    "sections": [
        {
            "title": "Opening",
            "weight": 10,
            "questions": [
                {
                    "id": "greeting",
                    "text": "Greeted the customer and said who they are",
                    "kind": "yes_no",
                    "help": "",
                    "weight": 10,
                },
                {
                    "id": "identity",
                    "text": "Made sure who the customer is before giving personal details",
                    "kind": "yes_no",
                    "help": "N/A where no personal details were given.",
                    "weight": 10,
                    "critical": "card",
                    "causes": ["Forgot it", "Felt sure who it was", "The system did not ask"],
                },
            ],
        },
        {
            "title": "Understanding",
            "weight": 20,
            "questions": [
                {
                    "id": "needs",
                    "text": "Found out what the customer needs",
                    "kind": "scale",
                    "help": "",
                    "weight": 20,
                    "na": False,
                    "anchors": [
                        "Answered another question than was asked",
                        "Got there, after the customer had to explain again",
                        "Understood, and asked where something was open",
                        "Understood, and said it back in their own words",
                    ],
                    "causes": ["Did not ask", "Did not listen to the end", "Kept to a script"],
                },
                {
                    "id": "passed_on",
                    "text": "How many times the customer was passed on or put on hold",
                    "kind": "number",
                    "help": "Count each transfer and each hold that the customer had to wait for.",
                    "weight": 10,
                    "worst": 3,
                    "best": 0,
                },
            ],
        },
        {
            "title": "Solving",
            "weight": 30,
            "questions": [
                {
                    "id": "result",
                    "text": "What became of the request",
                    "kind": "choice",
                    "help": "As far as this conversation tells.",
                    "weight": 20,
                    "options": [
                        {"label": "Solved in this conversation", "points": 100},
                        {"label": "Under way, and the customer knows by when", "points": 80},
                        {"label": "Under way, without a date", "points": 40},
                        {"label": "Left open", "points": 0},
                    ],
                },
                {
                    "id": "open_why",
                    "text": "What it was left open for",
                    "kind": "text",
                    "help": "One sentence; it helps whoever looks for causes.",
                    "when": {"question": "result", "answers": ["3", "4"]},
                },
                {
                    "id": "correct",
                    "text": "What was said is correct",
                    "kind": "yes_no",
                    "help": "By the rules that held on that day.",
                    "weight": 20,
                    "critical": "section",
                    "causes": ["Did not know the rule", "Guessed", "The source was wrong"],
                },
            ],
        },
        {
            "title": "Manner",
            "weight": 10,
            "questions": [
                {
                    "id": "dismissed_none",
                    "text": "Dismissed no feeling",
                    "kind": "yes_no",
                    "help": "No belittling, blaming, contradicting or brushing off.",
                    "weight": 10,
                    "bound": {"figure": "no_dismissal"},
                },
                {
                    "id": "plain_words",
                    "text": "Used words that the customer understands",
                    "kind": "yes_no",
                    "help": "",
                    "weight": 10,
                },
            ],
        },
        {
            "title": "Closing",
            "weight": 10,
            "questions": [
                {
                    "id": "next_steps",
                    "text": "Said what happens next",
                    "kind": "yes_no",
                    "help": "Who does what, by when, and what the customer need not do.",
                    "weight": 10,
                },
                {
                    "id": "beyond",
                    "text": "Spared the customer their next question",
                    "kind": "yes_no",
                    "help": "A bonus: told them unasked what they would have had to come back for.",
                    "weight": 5,
                    "bonus": True,
                },
            ],
        },
    ],
}

STARTERS = {"empathy": EMPATHY, "general": GENERAL}
EMPTY: dict[str, Any] = {
    "name": "",
    "moments_weight": 0,
    "sections": [{"title": "", "weight": 100, "questions": []}],
}
