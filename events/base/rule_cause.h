#pragma once

#include "events/base/enum_table.h"

#include <cstdint>

namespace events {

/// Which of several causes of a rule applied.  It stands among the parameters of the verdict, at
/// the place that each meaning names from 1; the other parameters are those of the rule.  Verdicts
/// from before a cause was told apart lack it.  On disk for ever.
enum class RuleCause : std::uint8_t {
  unit_not_yet = 1,           ///< V04, third: the unit begins after the day of the paper.
  unit_closed = 2,            ///< V04, third: the unit was closed on the day of the paper.
  unit_above_commune = 3,     ///< V04, third: a dossier lies in no commune.
  title_of_others = 4,        ///< V05, second: the round's title is not for this kind of subject.
  group_without_variant = 5,  ///< V05, second: the round's criteria have no such group.
  phase_not_begun = 6,        ///< V08, third: the paper is dated before the phase.
  dated_after_phase = 7,      ///< V08, third: the paper is dated after the phase.
  came_after_phase = 8,       ///< V08, third: it was received after the phase.
  score_above_max = 9,        ///< V11, third: above the most; then the most, in tenths.
  score_off_step = 10,        ///< V11, third: between two steps; then the step, in tenths.
  criteria_of_other_round = 11,  ///< V14, third: a sheet by criteria that are not the round's.
  criteria_without_group = 12,   ///< V14, third: the criteria have no variant for the dossier.
  criteria_not_scorable = 13,    ///< V14, third: the criteria name nothing to score.
  criteria_of_other_title = 14,  ///< V14, third: a round of one title by criteria of another.
  consent_missing = 15,          ///< V30, first: the citizen did not agree to be assessed.
  basis_unknown = 16,            ///< V30, first: no lawful basis is given.
  proxy_unnamed = 17,            ///< V30, first: entered by a proxy who is not named.
  list_empty = 18,               ///< V50, third: no row.
  list_row_twice = 19,           ///< V50, third: a dossier stands there twice.
  list_count_differs = 20,       ///< V50, third: the number written is not that of the rows.
  list_rows_not_ready = 21,      ///< V50, third: so many of so many are not in the state needed.
  number_below_one = 22,         ///< V60, third: numbers count from 1.
  number_of_other_year = 23,     ///< V60, third: the year is not that of the paper.
  number_taken = 24,             ///< V60, third: the register has it already.
  votes_above_present = 25,      ///< T09, first: more votes than people at the meeting.
  nobody_present = 26,           ///< T09, first: a meeting of nobody.
  fewer_invited = 27,            ///< T09, first: more people came than were invited.
  conclusion_unknown = 28,       ///< T09, first: a conclusion that there is not.
  not_minutes = 29,              ///< T09, first: the document named is no minutes.
  not_in_minutes = 30,           ///< T09, first: the minutes lack this dossier.
  conclusion_differs = 31,       ///< T09, first: the minutes conclude something else.
  minutes_of_another = 32,       ///< T09, first: another person recorded the minutes.
  own_dossier = 33,              ///< SD1, first: the actor is the subject.
  own_household = 34,            ///< SD1, first: the actor is of the subject's household.
  own_collective = 35,           ///< SD1, first: the actor heads the collective.
  grant_unknown = 36,            ///< A410, first: the log knows no such grant.
  grant_of_another = 37,         ///< A410, first: it was given to another person.
  grant_not_begun = 38,          ///< A410, first: the day of the paper is before its first.
  grant_over = 39,               ///< A410, first: its term ended.
  grant_revoked = 40,            ///< A410, first: it was revoked.
  commune_of_others = 41,        ///< A411, first: another commune than the device's.
  unit_outside_grant = 42,       ///< A411, first: the grant is for other units.
  grant_unit_closed = 43,        ///< A410, first: the unit of the grant has ended.
  field_unit_kind = 50,          ///< O406, first, as all that follow: kind or area of a unit.
  field_closing_day = 51,        ///< The first day without a unit.
  field_organisation_kind = 52,  ///< The kind of an organisation.
  field_criteria = 53,           ///< Content of a set of criteria.
  field_round_policy = 54,       ///< Kind, lateness and basis of deadlines of a round.
  field_phases = 55,             ///< A phase that ends before it begins.
  field_role = 56,               ///< A role.
  field_role_term = 57,          ///< A role that ends before it begins.
  field_invitation = 58,         ///< People and code of an invitation.
  field_branch = 59,             ///< What a device brings along to its new chain.
  field_quota_factor = 60,       ///< From 2 to 20.
  field_release = 61,            ///< The verdict by which a person ends a hold.
  field_gender_or_age = 62,      ///< Gender and age band of a person.
  field_collective_kind = 63,    ///< The kind of a collective.
  field_subject_kind = 64,       ///< The kind of a dossier's subject.
  field_registration = 65,       ///< How a registration was confirmed and why by a proxy.
  field_return_reason = 66,      ///< Why a dossier is given back.
  field_return_note = 67,        ///< "Other" reason without words.
  field_evidence_kind = 68,      ///< The kind of a piece of evidence.
  field_media_type = 69,         ///< Neither JPEG nor PNG nor PDF.
  field_stored_file = 70,        ///< The server names a file that it may not name.
  field_refusal_reason = 71,     ///< Reasons why a title is not granted.
  field_capacity = 72,           ///< In which capacity a decision is signed.
  field_units_change = 73,       ///< What a decree says becomes of a unit or of its hamlets.
};
template <>
struct EnumTable<RuleCause> {
  using enum RuleCause;
  static constexpr EnumRow<RuleCause> rows[] = {
      {unit_not_yet, "unit_not_yet"},
      {unit_closed, "unit_closed"},
      {unit_above_commune, "unit_above_commune"},
      {title_of_others, "title_of_others"},
      {group_without_variant, "group_without_variant"},
      {phase_not_begun, "phase_not_begun"},
      {dated_after_phase, "dated_after_phase"},
      {came_after_phase, "came_after_phase"},
      {score_above_max, "score_above_max"},
      {score_off_step, "score_off_step"},
      {criteria_of_other_round, "criteria_of_other_round"},
      {criteria_without_group, "criteria_without_group"},
      {criteria_not_scorable, "criteria_not_scorable"},
      {criteria_of_other_title, "criteria_of_other_title"},
      {consent_missing, "consent_missing"},
      {basis_unknown, "basis_unknown"},
      {proxy_unnamed, "proxy_unnamed"},
      {list_empty, "list_empty"},
      {list_row_twice, "list_row_twice"},
      {list_count_differs, "list_count_differs"},
      {list_rows_not_ready, "list_rows_not_ready"},
      {number_below_one, "number_below_one"},
      {number_of_other_year, "number_of_other_year"},
      {number_taken, "number_taken"},
      {votes_above_present, "votes_above_present"},
      {nobody_present, "nobody_present"},
      {fewer_invited, "fewer_invited"},
      {conclusion_unknown, "conclusion_unknown"},
      {not_minutes, "not_minutes"},
      {not_in_minutes, "not_in_minutes"},
      {conclusion_differs, "conclusion_differs"},
      {minutes_of_another, "minutes_of_another"},
      {own_dossier, "own_dossier"},
      {own_household, "own_household"},
      {own_collective, "own_collective"},
      {grant_unknown, "grant_unknown"},
      {grant_of_another, "grant_of_another"},
      {grant_not_begun, "grant_not_begun"},
      {grant_over, "grant_over"},
      {grant_revoked, "grant_revoked"},
      {commune_of_others, "commune_of_others"},
      {unit_outside_grant, "unit_outside_grant"},
      {grant_unit_closed, "grant_unit_closed"},
      {field_unit_kind, "field_unit_kind"},
      {field_closing_day, "field_closing_day"},
      {field_organisation_kind, "field_organisation_kind"},
      {field_criteria, "field_criteria"},
      {field_round_policy, "field_round_policy"},
      {field_phases, "field_phases"},
      {field_role, "field_role"},
      {field_role_term, "field_role_term"},
      {field_invitation, "field_invitation"},
      {field_branch, "field_branch"},
      {field_quota_factor, "field_quota_factor"},
      {field_release, "field_release"},
      {field_gender_or_age, "field_gender_or_age"},
      {field_collective_kind, "field_collective_kind"},
      {field_subject_kind, "field_subject_kind"},
      {field_registration, "field_registration"},
      {field_return_reason, "field_return_reason"},
      {field_return_note, "field_return_note"},
      {field_evidence_kind, "field_evidence_kind"},
      {field_media_type, "field_media_type"},
      {field_stored_file, "field_stored_file"},
      {field_refusal_reason, "field_refusal_reason"},
      {field_capacity, "field_capacity"},
      {field_units_change, "field_units_change"},
  };
};

}  // namespace events
