"""What was taken for what."""

from __future__ import annotations

from extract.evaluation import Evaluation, evaluate_mentions
from extract.evaluation.confusions import code_confusion, count_confusions, label_confusion, role_confusion

from .making import make_document, make_gold, make_predicted, predicted_mention, unmark
from .test_scores import make_case

GOLD = "First line.\n[ENDPOINT:OS] was [PERCENT:50%] after [DOSE:1 mg] in [TRIAL:RIALTO trial], [PERCENT:7%]"
PREDICTED = "First [TRIAL:line].\n[ENDPOINT:OS] was 50% after [PERCENT:1 mg] in [TRIAL:RIALTO] trial, [PERCENT:7%]"


def read_as(**attributes: str) -> Evaluation:
    """Three endpoints and a percentage that are found where they stand, the endpoints read as each code given."""
    text, spans = unmark("[ENDPOINT:OS], [ENDPOINT:EFS] and [ENDPOINT:DFS] were [PERCENT:7%]")
    case = make_case("[ENDPOINT:OS], [ENDPOINT:EFS] and [ENDPOINT:DFS] were [PERCENT:7%]", text)
    predicted = [
        predicted_mention(text, *span, **({"code": attributes["code"]} if span[0] == "ENDPOINT" else {"role": "level"}))
        for span in spans
    ]
    return evaluate_mentions([case._replace(predicted=predicted)])


def test_pairs_are_counted_and_the_most_confused_come_first() -> None:
    pairs = [("a", "a")] * 4 + [("b", "b")] + [("b", "c")] * 2 + [("a", "c"), ("d", "d")]
    confusion = count_confusions(pairs)
    assert (confusion.total, confusion.right) == (9, 6)
    assert confusion.wrong == (("b", "c", 2, 3), ("a", "c", 1, 5))
    assert confusion.rows == ("b", "a")  # d was never confused
    assert confusion.columns == ("b", "a", "c")
    assert [confusion.cells(row) for row in confusion.rows] == [(1, 0, 2), (0, 4, 1)]


def test_equals_stand_in_the_order_of_their_names() -> None:
    pairs = [("b", "x"), ("a", "y"), ("a", "x")]
    assert count_confusions(pairs).wrong == count_confusions(reversed(pairs)).wrong
    assert [each[:2] for each in count_confusions(pairs).wrong] == [("a", "x"), ("a", "y"), ("b", "x")]


def test_nothing_to_compare_is_no_confusion() -> None:
    confusion = count_confusions([])
    assert (confusion.total, confusion.right, confusion.wrong, confusion.rows) == (0, 0, (), ())


def test_labels_are_compared_by_place_and_what_stands_alone_is_beside_nothing() -> None:
    confusion = label_confusion(evaluate_mentions([make_case(GOLD, PREDICTED)]))
    assert confusion is not None
    assert set(confusion.wrong) == {
        ("DOSE", "PERCENT", 1, 1),
        ("PERCENT", "nothing", 1, 2),
        ("nothing", "TRIAL", 1, 1),
    }
    assert confusion.right == 3  # RIALTO has other ends, but the right label
    assert confusion.rows[-1] == "nothing"


def test_another_rendition_has_no_places_to_compare_labels_at() -> None:
    document = make_document(unmark(GOLD)[0])
    case = make_case(GOLD, PREDICTED)._replace(
        document=document, gold=make_gold(GOLD), predicted=make_predicted(PREDICTED)
    )
    assert label_confusion(evaluate_mentions([case], aligned=True)) is None


def test_codes_and_roles_are_compared_where_the_place_is_right() -> None:
    evaluation = read_as(code="EFS")
    assert code_confusion(evaluation).wrong == (("OS", "EFS", 3, 3),)
    assert role_confusion(evaluation).wrong == (("value", "level", 1, 1),)
    assert (code_confusion(read_as(code="OS")).total, code_confusion(read_as(code="OS")).wrong) == (3, ())
