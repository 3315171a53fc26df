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
                    "text": "Met at least two thirds of feelings with empathy",
                    "kind": "yes_no",
                    "help": "Named, accepted or shared what the customer feels. An apology alone "
                    "isn't enough.",
                    "weight": 10,
                    "causes": [
                        "Did not notice the feeling",
                        "Noticed it and went straight to the task",
                        "Kept to a script",
                        "Was short of time",
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
                    "text": "Followed every apology with empathy",
                    "kind": "yes_no",
                    "help": "An apology followed by what it must be like for the customer is "
                    "complete; by itself it stays on the company's side.",
                    "weight": 10,
                    "bound": {"figure": "no_bare_apology"},
                },
                {
                    "id": "no_dismissal",
                    "text": "Didn't dismiss any feelings",
                    "kind": "yes_no",
                    "help": "Dismissal belittles, blames, contradicts or brushes off: “calm down”, "
                    "“you should have read the terms”. A plain refusal isn't dismissal.",
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
                    "help": "Didn't talk over the customer or answer a question that wasn't asked.",
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
                    "help": "Who does what, by when, and what the customer doesn't need to do.",
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
                    "text": "Verified the customer before giving personal details",
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
                        "Answered a different question",
                        "Got there after the customer had to explain again",
                        "Understood, and asked where something was unclear",
                        "Understood, and said it back in their own words",
                    ],
                    "causes": ["Did not ask", "Did not listen to the end", "Kept to a script"],
                },
                {
                    "id": "passed_on",
                    "text": "How many times the customer was transferred or put on hold",
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
                    "text": "Outcome of the request",
                    "kind": "choice",
                    "help": "As far as you can tell from this conversation.",
                    "weight": 20,
                    "options": [
                        {"label": "Solved in this conversation", "points": 100},
                        {"label": "In progress, and the customer knows by when", "points": 80},
                        {"label": "In progress, without a date", "points": 40},
                        {"label": "Left open", "points": 0},
                    ],
                },
                {
                    "id": "open_why",
                    "text": "Why it was left open",
                    "kind": "text",
                    "help": "One sentence. It helps find root causes.",
                    "when": {"question": "result", "answers": ["3", "4"]},
                },
                {
                    "id": "correct",
                    "text": "Gave correct information",
                    "kind": "yes_no",
                    "help": "According to the rules in force on that day.",
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
                    "text": "Didn't dismiss any feelings",
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
                    "help": "Who does what, by when, and what the customer doesn't need to do.",
                    "weight": 10,
                },
                {
                    "id": "beyond",
                    "text": "Answered the customer's next question in advance",
                    "kind": "yes_no",
                    "help": "Bonus: told them, unasked, what they would have had to come back for.",
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
