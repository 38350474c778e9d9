#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"

#include <cstdint>
#include <string>
#include <vector>

namespace events {

enum class VerdictCode : std::uint8_t {
  accepted = 1,
  accepted_rebased = 2,  ///< Others changed the stream meanwhile, without interfering.
  held = 3,              ///< Recorded, without effect until released; see HoldReason.
  refused = 4,           ///< Recorded, without effect; see Rule for why and what to do.
};
template <>
struct EnumTable<VerdictCode> {
  using enum VerdictCode;
  static constexpr EnumRow<VerdictCode> rows[] = {
      {accepted, "accepted"},
      {accepted_rebased, "accepted_rebased"},
      {held, "held"},
      {refused, "refused"},
  };
};

/// Why an event waits.  On disk for ever; free numbers are for later reasons.
enum class HoldReason : std::uint8_t {
  none = 0,
  depends_on = 1,           ///< What it builds on is held itself.
  conflict = 2,             ///< Somebody else's act interferes.
  no_authority = 3,         ///< The role grant was not valid, not there, or not for that unit.
  schema_unknown = 4,       ///< A kind or version newer than the server.
  clock = 5,                ///< The device clock makes a deadline or the order of acts undecidable.
  device_revoked = 6,       ///< It came after its device was revoked: lost, stolen or handed in.
  unit_closed = 7,          ///< It names a unit that was closed while its device did not know.
  superseded_criteria = 8,  ///< A score sheet under another version than the cycle's criteria.
  cycle_closed = 9,         ///< Dated in time, but it came when even the grace was over.
  revoked_late = 10,        ///< Dated before a revocation, but it came long after it.
  date_ahead = 11,          ///< The day on its paper is later than the day on which it came.
};
template <>
struct EnumTable<HoldReason> {
  using enum HoldReason;
  static constexpr EnumRow<HoldReason> rows[] = {
      {none, "none"},
      {depends_on, "depends_on"},
      {conflict, "conflict"},
      {no_authority, "no_authority"},
      {schema_unknown, "schema_unknown"},
      {clock, "clock"},
      {device_revoked, "device_revoked"},
      {unit_closed, "unit_closed"},
      {superseded_criteria, "superseded_criteria"},
      {cycle_closed, "cycle_closed"},
      {revoked_late, "revoked_late"},
      {date_ahead, "date_ahead"},
  };
};

/// The rule behind a verdict, by the ids of domain.md: 1xx V, 2xx T, 3xx SD, 4xx order and access.
/// On disk for ever.
enum class Rule : std::uint16_t {
  none = 0,
  v01_name = 101,
  v02_birth_date = 102,
  v03_business_day = 103,  ///< Parameters: the day on the paper, the day of receipt.
  v04_unit_open = 104,
  v05_group = 105,
  v06_unit_nesting = 106,  ///< Parameters: kind of the unit, kind of its parent, depth.
  v08_cycle_open = 108,
  v10_indicators = 110,
  v11_score_range = 111,
  v12_total = 112,
  v13_outcome = 113,
  v14_criteria = 114,
  v20_id_number = 120,
  v23_one_dossier = 123,
  v30_consent = 130,
  v40_evidence_file = 140,  ///< Parameters: size of the file, of its thumbnail.
  v42_sighted = 142,
  v50_list = 150,
  v51_decision_list = 151,
  v60_document_number = 160,
  v61_issue_date = 161,
  v70_text = 170,  ///< Parameters: a TextFault, its length and its limit in bytes.
  t_step = 200,    ///< Parameters: state the dossier is in, event type.
  t_return_to = 204,
  t09_minutes = 209,
  t12_list = 212,
  t17_decision = 217,
  t18_reason = 218,  ///< Parameters: the reason given, total and threshold in tenths.
  sd1_own_dossier = 301,
  sd2_separate_hands = 302,
  o_conflict = 401,       ///< Parameter: position of the interfering event.
  o_depends_on = 402,     ///< Parameters: chain and seq of the held event.
  o_unknown_thing = 403,  ///< Parameters: chain and seq that the log does not know.
  o_stream = 404,         ///< The stream does not fit the kind of event.
  o_seen = 405,           ///< `seen` is beyond the head of the log.
  o_value = 406,          ///< A field holds a value that its enumeration or text rule lacks.
  o_undecided = 407,      ///< Parameters: the HoldReason, days for which nobody decided.
  a_grant = 410,          ///< The role grant is unknown, over, or another person's.
  a_unit = 411,           ///< The role grant does not cover the unit.
  a_role = 412,           ///< The role may not do this.
  a_actor = 413,          ///< The person is not enrolled on this device.
  a_system = 414,         ///< Only the server may append this.
  a_release = 415,        ///< There is nothing held at that position, or not for this role.
  a_power = 416,          ///< Parameters: a PowerFault, role.  See docs/security.md.
  a_revoked_late = 417,   ///< Parameters: first day without the role, days of grace.
  s_schema = 420,         ///< Parameters: event type, schema version.
  c_clock = 430,          ///< Parameter: clock offset in seconds.
};
/// The word of a rule is its id, as papers cite it.
template <>
struct EnumTable<Rule> {
  using enum Rule;
  static constexpr EnumRow<Rule> rows[] = {
      {none, ""},
      {v01_name, "V01"},
      {v02_birth_date, "V02"},
      {v03_business_day, "V03"},
      {v04_unit_open, "V04"},
      {v05_group, "V05"},
      {v06_unit_nesting, "V06"},
      {v08_cycle_open, "V08"},
      {v10_indicators, "V10"},
      {v11_score_range, "V11"},
      {v12_total, "V12"},
      {v13_outcome, "V13"},
      {v14_criteria, "V14"},
      {v20_id_number, "V20"},
      {v23_one_dossier, "V23"},
      {v30_consent, "V30"},
      {v40_evidence_file, "V40"},
      {v42_sighted, "V42"},
      {v50_list, "V50"},
      {v51_decision_list, "V51"},
      {v60_document_number, "V60"},
      {v61_issue_date, "V61"},
      {v70_text, "V70"},
      {t_step, "T"},
      {t_return_to, "T04"},
      {t09_minutes, "T09"},
      {t12_list, "T12"},
      {t17_decision, "T17"},
      {t18_reason, "T18"},
      {sd1_own_dossier, "SD1"},
      {sd2_separate_hands, "SD2"},
      {o_conflict, "O401"},
      {o_depends_on, "O402"},
      {o_unknown_thing, "O403"},
      {o_stream, "O404"},
      {o_seen, "O405"},
      {o_value, "O406"},
      {o_undecided, "O407"},
      {a_grant, "A410"},
      {a_unit, "A411"},
      {a_role, "A412"},
      {a_actor, "A413"},
      {a_system, "A414"},
      {a_release, "A415"},
      {a_power, "A416"},
      {a_revoked_late, "A417"},
      {s_schema, "S420"},
      {c_clock, "C430"},
  };
};

/// Bits of Verdict::flags.
inline constexpr std::uint32_t flag_late = 1;  ///< After its phase, accepted by policy.
inline constexpr std::uint32_t flag_role_revoked_since = 2;  ///< SC5.
inline constexpr std::uint32_t flag_after_decision = 4;      ///< SC2.
inline constexpr std::uint32_t flag_clock_ahead = 8;         ///< V72: more than 5 minutes ahead.
inline constexpr std::uint32_t flag_list_differs = 16;       ///< V51: rows not in the state needed.
inline constexpr std::uint32_t flag_id_number_doubtful = 32;   ///< V20: a warning, not a refusal.
inline constexpr std::uint32_t flag_duplicate_suspected = 64;  ///< V22: somebody like it is there.

/// Why an act that moves power is not for its actor; first parameter of Rule::a_power.
enum class PowerFault : std::uint8_t {
  for_oneself = 1,   ///< Nobody gives a role to oneself.
  above_own = 2,     ///< The role is not below the actor's own.
  not_covering = 3,  ///< Somebody it is about holds a role that the actor's does not cover.
};
template <>
struct EnumTable<PowerFault> {
  using enum PowerFault;
  static constexpr EnumRow<PowerFault> rows[] = {
      {for_oneself, "for_oneself"},
      {above_own, "above_own"},
      {not_covering, "not_covering"},
  };
};

/// What is wrong with a text; first parameter of Rule::v70_text.
enum class TextFault : std::uint8_t {
  missing = 1,     ///< Empty where there must be something.
  too_long = 2,    ///< Above its limit of events/base/text_limits.h.
  form = 3,        ///< Not UTF-8 in NFC.
  characters = 4,  ///< Control or bidirectional characters.
};
template <>
struct EnumTable<TextFault> {
  using enum TextFault;
  static constexpr EnumRow<TextFault> rows[] = {
      {missing, "missing"},
      {too_long, "too_long"},
      {form, "form"},
      {characters, "characters"},
  };
};

/// What the log answered to one event.  Part of the stored event; never changes there.
struct Verdict {
  VerdictCode code{};
  std::uint32_t flags{};
  HoldReason hold{};                     ///< Only when held.
  Rule rule{};                           ///< Behind a hold or refusal, or a flag that needs one.
  std::vector<std::int64_t> parameters;  ///< Meaning: see Rule.
  RulesVersion rules;                    ///< Judged under.

  bool operator==(const Verdict&) const = default;
  bool takes_effect() const {
    return code == VerdictCode::accepted || code == VerdictCode::accepted_rebased;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(code), CEREAL_NVP(flags), CEREAL_NVP(hold), CEREAL_NVP(rule),
            BOUNDED_NVP(4, parameters), CEREAL_NVP(rules));
  }
};

}  // namespace events
