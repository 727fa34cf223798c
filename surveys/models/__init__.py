from surveys.models.photo import ProcessingState, SurveyPhoto
from surveys.models.review import ReviewEvent
from surveys.models.submission import OPEN_STATES, Submission, SubmissionState
from surveys.models.voice import VoiceNote

__all__ = [
    "OPEN_STATES",
    "ProcessingState",
    "ReviewEvent",
    "Submission",
    "SubmissionState",
    "SurveyPhoto",
    "VoiceNote",
]
