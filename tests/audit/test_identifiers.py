"""Registry numbers: malformed ones, doubles in a list, and trials with two numbers."""

from __future__ import annotations

import pytest

from .checking import findings, told


class TestMalformed:
    """A number with digits too many or too few cannot be one."""

    def test_nine_digits_with_the_number_that_was_meant(self) -> None:
        text = "HERON-1 (NCT09870012) was stopped. A safety study goes on (NCT098700122)."
        (found,) = findings(text, "malformed_registry_id")
        assert (found.severity, found.quote, found.correction) == ("impossible", "NCT098700122", "NCT09870012")
        assert "9 digits, 8 expected" in found.message
        assert "ClinicalTrials.gov" in found.message

    def test_no_number_like_it(self) -> None:
        (found,) = findings("The trial was registered (ISRCTN1234567).", "malformed_registry_id")
        assert (found.severity, found.correction) == ("impossible", None)

    @pytest.mark.parametrize(
        "text",
        [
            "HERON-1 (NCT09870012) was stopped.",
            "HERON-1 (NCT 0987 0012) was stopped.",
            "HERON-1 (nct09870012) was stopped.",
            "The trial (EudraCT 2016-000227-71) recruited in Europe.",
            "The trial was registered as ACTRN12605000012345.",
            "The review was registered with PROSPERO (CRD42020123456).",
            "Lines of NCT0987001 2 came apart at the margin.",
        ],
    )
    def test_numbers_in_order(self, text: str) -> None:
        assert told(text, "malformed_registry_id") == []

    def test_a_citation_may_have_run_into_the_number(self) -> None:
        text = (
            "Survival was better.1 Relapse was rare.2 Toxicity was mild.3 The trial of HERON-1 was registered as "
            "NCT098700124 in the spring."
        )
        (found,) = findings(text, "malformed_registry_id")
        assert found.severity == "suspicious"
        assert found.assumes is not None


class TestDuplicate:
    """One number twice in one list."""

    @pytest.mark.parametrize(
        "text",
        [
            "Ongoing trials of gene therapy (NCT09870011, NCT09870012, NCT09870011) have no results.",
            "Two trials (NCT09870011 and NCT09870011) are recruiting.",
            "| Drug | Trials |\n|---|---|\n| Lumetinib | NCT09870012 NCT09870011 NCT09870011 |\n",
        ],
    )
    def test_twice(self, text: str) -> None:
        assert told(text, "duplicate_registry_id") == [("inconsistent", "NCT09870011")]

    @pytest.mark.parametrize(
        "text",
        [
            "Ongoing trials (NCT09870011, NCT09870012) follow NCT09870011 in design.",
            "NCT09870011 (adults), NCT09870011 (children) and NCT09870012 recruit.",
            "Children (NCT09870011) and adults (NCT09870011) enter one trial.",
            "HERON-1 (NCT09870011; https://clinicaltrials.gov/study/NCT09870011) recruits.",
            "| Drug | Trials |\n|---|---|\n| Lumetinib | NCT09870011 |\n| Cardoxane | NCT09870011 |\n",
            "| Drug | Trials |\n|---|---|\n| Both | Lumetinib NCT09870011 Cardoxane NCT09870011 |\n",
            "The trial (NCT09870011, ISRCTN98700013) has two numbers.",
        ],
    )
    def test_once_in_each_list(self, text: str) -> None:
        assert told(text, "duplicate_registry_id") == []


class TestConflict:
    """One trial with two numbers."""

    def test_in_brackets(self) -> None:
        text = (
            "The HERON-1 trial (NCT09870011) met its endpoint. Relapse was rare. In older patients the HERON-1 trial"
            " (ClinicalTrials.gov identifier: NCT09870099) gave the same result."
        )
        (found,) = findings(text, "registry_id_conflict")
        assert (found.severity, found.quote) == ("inconsistent", "NCT09870099")
        assert "NCT09870011" in found.message
        assert "HERON-1" in found.message

    def test_the_number_of_another_trial_is_the_wrong_one(self) -> None:
        text = (
            "The HERON-1 trial (NCT09870011) met its endpoint. The EGRET-2 trial (NCT09870022) did not. Later,"
            " the EGRET-2 trial (NCT09870011) was stopped."
        )
        (found,) = findings(text, "registry_id_conflict")
        assert (found.quote, found.correction) == ("NCT09870011", "NCT09870022")

    def test_in_a_table_row(self) -> None:
        text = (
            "The HERON-1 trial (NCT09870011) met its endpoint. The HERON-1 trial was large.\n\n"
            "| Trial | Registration | Patients |\n|---|---|---|\n| HERON-1 | NCT09870017 | 120 |\n"
            "| EGRET-2 | NCT09870022 | 80 |\n"
        )
        (found,) = findings(text, "registry_id_conflict")
        assert {"NCT09870017", "NCT09870011"} <= set(found.message.replace(".", " ").split())

    def test_one_number_with_two_names_is_in_doubt_only(self) -> None:
        text = "The HERON trial (NCT09870011) met its endpoint. The EGRET trial (NCT09870011) did not."
        (found,) = findings(text, "registry_id_conflict")
        assert found.severity == "suspicious"
        assert found.assumes is not None

    @pytest.mark.parametrize(
        "text",
        [
            "The HERON-1 trial (NCT09870011) met its endpoint. The HERON-1 trial (NCT09870011) was large.",
            "The HERON-1 trial (NCT09870011) and its extension, the HERON-1 extension study (NCT09870012), ended.",
            "The HERON-1 trial (NCT09870011) ended. The long-term follow-up of HERON-1 (NCT09870012) goes on.",
            "The HERON-1 trial (NCT09870011) ended. A substudy of HERON-1 (NCT09870012) looked at the heart.",
            "HERON-1 (NCT09870011) ended. HERON-1 (NCT09870011 and NCT09870012) was run on two continents.",
            "HERON-1 (NCT09870011) ended. HERON-1 (NCT09870012) goes on. It has two: NCT09870011, NCT09870012.",
            "HERON-1 (NCT09870011) ended. HERON-1 (ISRCTN98700013) was run in Britain.",
            "HERON-1 (NCT09870011) ended. HERON-1 (EudraCT 2016-000227-71) was run in Europe.",
            "HERON-1 (NCT09870011) and HERON-2 (NCT09870012) ended.",
            "EGRET-4 and HERON-1 (NCT09870044, NCT09870011) ended. HERON-1 (NCT09870011) was large.",
            "The HERON trials (NCT09870011) ended. HERON (NCT09870012) goes on.",
            "HERON-1 (NCT09870011) ended. HERON-1 (NCT098700113) was large.",
            "HERON-1 (NCT09870011) ended. Unlike HERON-1, other trials (NCT09870012) go on.",
            "The HERON-1 trial, also called HERON-EUROPE (NCT09870011), ended. HERON-1 (NCT09870011) was large.",
        ],
    )
    def test_no_conflict(self, text: str) -> None:
        assert told(text, "registry_id_conflict") == []

    def test_several_trials_in_one_cell(self) -> None:
        text = (
            "HERON-1 (NCT09870011) ended. HERON-1 was large.\n\n| Trial | Registration |\n|---|---|\n"
            "| HERON-1, EGRET-2 | NCT09870011 NCT09870022 |\n| HERON-1 | NCT09870011, NCT09870033 |\n"
        )
        assert told(text, "registry_id_conflict") == []

    def test_in_a_table_row_with_a_name_like_thing_beside(self) -> None:
        text = (
            "HERON-1 (NCT09870011) met its endpoint. HERON-1 was large.\n\n"
            "| Trial | Compared with | Registration |\n|---|---|---|\n| HERON-1 | as in EGRET-2 | NCT09870017 |\n"
            "| EGRET-2 | placebo | NCT09870022 |\n"
        )
        assert len(told(text, "registry_id_conflict")) == 1

    def test_the_number_of_another_column_is_not_the_rows(self) -> None:
        text = (
            "HERON-1 (NCT09870011) met its endpoint. HERON-1 was large.\n\n"
            "| Trial | Follows | Remarks |\n|---|---|---|\n| HERON-1 | EGRET-2 | NCT09870022 |\n"
            "| EGRET-2 | placebo | large |\n"
        )
        assert told(text, "registry_id_conflict") == []
