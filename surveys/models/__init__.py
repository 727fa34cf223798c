from surveys.models.photo import SurveyPhoto
from surveys.models.review import ReviewEvent
from surveys.models.submission import Submission

__all__ = ["ReviewEvent", "Submission", "SurveyPhoto"]
