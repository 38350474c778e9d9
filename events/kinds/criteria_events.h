#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/base/time.h"
#include "events/kinds/event_type.h"
#include "events/kinds/titles.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// One thing that is scored, e.g. A1 (chỉ số).
struct Indicator {
  std::string code;        ///< "A1" … "C2"; ASCII.
  std::string competency;  ///< "A", "B", "C"; ASCII.
  std::string label_vi;
  std::uint16_t max_tenths = 100;  ///< Greatest score; 100 tenths are 10 points.
  std::uint16_t step_tenths = 5;   ///< Scores are multiples of it; at least 1.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(8, code), BOUNDED_NVP(8, competency),
            BOUNDED_NVP(text_limits::criteria_label, label_vi), CEREAL_NVP(max_tenths),
            CEREAL_NVP(step_tenths));
  }
};

/// All must hold for a sheet to pass (domain.md 2.4).  Kinds without a number here are later ones.
enum class CriteriaRuleKind : std::uint8_t {
  total_at_least = 1,           ///< Σ scores ≥ tenths
  each_indicator_at_least = 2,  ///< every score ≥ tenths
};
template <>
struct EnumTable<CriteriaRuleKind> {
  using enum CriteriaRuleKind;
  static constexpr EnumRow<CriteriaRuleKind> rows[] = {
      {total_at_least, "total_at_least"},
      {each_indicator_at_least, "each_indicator_at_least"},
  };
};

struct CriteriaRule {
  CriteriaRuleKind kind{};
  std::uint16_t tenths{};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(tenths));
  }
};

/// How one population group is scored: indexes into the set's indicators, and its rules.
struct GroupVariant {
  GroupCode group{};
  std::string label_vi;
  std::vector<std::uint8_t> indicators;  ///< Ascending indexes into CriteriaPublished::indicators.
  std::vector<CriteriaRule> rules;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(group), BOUNDED_NVP(text_limits::criteria_label, label_vi),
            BOUNDED_NVP(32, indicators), BOUNDED_NVP(8, rules));
  }
};

/// How well the figures of a set are known (domain.md 2.4).
enum class CriteriaStatus : std::uint8_t {
  confirmed = 1,    ///< From the text of the decision.
  reported = 2,     ///< From published reports; the text was not seen.
  placeholder = 3,  ///< Contents unknown: dossiers can be registered, not scored.
};
template <>
struct EnumTable<CriteriaStatus> {
  using enum CriteriaStatus;
  static constexpr EnumRow<CriteriaStatus> rows[] = {
      {confirmed, "confirmed"},
      {reported, "reported"},
      {placeholder, "placeholder"},
  };
};

/// A version of a set of criteria is in force (bộ tiêu chí).  Everything that judging needs is in
/// the event; `projections/criteria/sets/*.json` hold the same for people to edit.
struct CriteriaPublished {
  static constexpr EventType type = EventType::criteria_published;
  static constexpr std::string_view kind_name = "CriteriaPublished";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::criteria;
  static constexpr bool creates = true;
  std::string code;         ///< "CDHT-324-2022"; ASCII.
  std::uint32_t version{};  ///< From 1, strictly increasing per code.
  TitleKind title{};
  CriteriaStatus status{};
  std::string basis;  ///< Document, as written.
  std::vector<Indicator> indicators;
  std::vector<GroupVariant> groups;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(BOUNDED_NVP(text_limits::criteria_code, code));
    archive(cereal::make_nvp("version", version));
    archive(CEREAL_NVP(title), CEREAL_NVP(status), BOUNDED_NVP(text_limits::basis, basis),
            BOUNDED_NVP(32, indicators), BOUNDED_NVP(16, groups));
  }
};

enum class CycleKind : std::uint8_t { annual = 1, pilot = 2, campaign = 3 };
template <>
struct EnumTable<CycleKind> {
  using enum CycleKind;
  static constexpr EnumRow<CycleKind> rows[] = {
      {annual, "annual"},
      {pilot, "pilot"},
      {campaign, "campaign"},
  };
};

/// What happens to an act whose phase is over (domain.md 2.6).
enum class LatePolicy : std::uint8_t {
  refuse = 1,
  accept_flagged = 2,
  accept_if_declared_in_time = 3,  ///< Business day inside the phase, received within the grace.
};
template <>
struct EnumTable<LatePolicy> {
  using enum LatePolicy;
  static constexpr EnumRow<LatePolicy> rows[] = {
      {refuse, "refuse"},
      {accept_flagged, "accept_flagged"},
      {accept_if_declared_in_time, "accept_if_declared_in_time"},
  };
};

/// Which day is compared with a phase.
enum class DeadlineBasis : std::uint8_t {
  received = 1,  ///< The day the server received it.
  declared = 2,  ///< The business day, if the event comes within the grace; then it is marked late.
};
template <>
struct EnumTable<DeadlineBasis> {
  using enum DeadlineBasis;
  static constexpr EnumRow<DeadlineBasis> rows[] = {
      {received, "received"},
      {declared, "declared"},
  };
};

/// First and last day of a phase, both included.
struct Phase {
  Day first;
  Day last;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(first), CEREAL_NVP(last));
  }
};

/// A round of one title is open (đợt, năm xét).  It binds the criteria for all its dossiers.
struct CycleOpened {
  static constexpr EventType type = EventType::cycle_opened;
  static constexpr std::string_view kind_name = "CycleOpened";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::cycle;
  static constexpr bool creates = true;
  TitleKind title{};
  CriteriaId criteria;
  std::string label;  ///< "2025" or "Thí điểm 2020–2021".
  CycleKind kind{};
  Phase registration;
  Phase self_assessment;
  Phase review;
  Phase appraisal;
  Phase decision;
  LatePolicy late_policy{};
  DeadlineBasis deadline_basis{};
  std::uint16_t grace_days{};
  Day reference_day;  ///< Ages are counted on it.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(title), CEREAL_NVP(criteria), BOUNDED_NVP(text_limits::cycle_label, label),
            CEREAL_NVP(kind), CEREAL_NVP(registration), CEREAL_NVP(self_assessment),
            CEREAL_NVP(review), CEREAL_NVP(appraisal), CEREAL_NVP(decision),
            CEREAL_NVP(late_policy), CEREAL_NVP(deadline_basis), CEREAL_NVP(grace_days),
            CEREAL_NVP(reference_day));
  }
};

/// What of a cycle comes to its end: the five phases in their order, and at last the validity of
/// the titles that it gave.
enum class CyclePhase : std::uint8_t {
  registration = 1,
  self_assessment = 2,
  review = 3,
  appraisal = 4,
  decision = 5,
  validity = 6,
};
template <>
struct EnumTable<CyclePhase> {
  using enum CyclePhase;
  static constexpr EnumRow<CyclePhase> rows[] = {
      {registration, "registration"},
      {self_assessment, "self_assessment"},
      {review, "review"},
      {appraisal, "appraisal"},
      {decision, "decision"},
      {validity, "validity"},
  };
};

/// A phase of a cycle is over, and with it the grace: no act counts in it any more unless a person
/// decides so or the cycle takes late acts.  One event for all dossiers of the cycle: which of them
/// lapsed, and which titles expired, follows from it.  Only by the system chain.
struct PhaseClosed {
  static constexpr EventType type = EventType::phase_closed;
  static constexpr std::string_view kind_name = "PhaseClosed";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::cycle;
  static constexpr bool creates = false;
  CycleId cycle;
  CyclePhase phase{};

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(cycle), CEREAL_NVP(phase));
  }
};

}  // namespace events
