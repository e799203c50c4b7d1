"""One vocabulary for needs, homes and agreements."""

from bostad.homes.answers import StatedFeatures
from bostad.homes.features import STATED, Feature
from bostad.matching.problem import FEATURES


def test_the_vocabulary_is_that_of_matching() -> None:
    assert tuple(feature.value for feature in Feature) == FEATURES


def test_the_form_asks_about_every_feature_that_is_stated_and_no_other() -> None:
    assert tuple(StatedFeatures.model_fields) == tuple(feature.value for feature in STATED)


def test_above_the_ground_floor_is_never_stated() -> None:
    assert Feature.ABOVE_GROUND_FLOOR not in STATED
