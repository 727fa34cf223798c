from surveys.models.photo import ProcessingState, SurveyPhoto
from surveys.models.review import ReviewEvent
from surveys.models.submission import Submission, SubmissionState
from surveys.models.voice import VoiceNote

__all__ = [
    "ProcessingState",
    "ReviewEvent",
    "Submission",
    "SubmissionState",
    "SurveyPhoto",
    "VoiceNote",
]
