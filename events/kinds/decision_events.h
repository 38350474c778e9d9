#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/kinds/event_type.h"
#include "events/kinds/review_events.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// Thể thức ký (domain.md appendix A).
enum class SigningCapacity : std::uint8_t {
  direct = 1,
  tm = 2,   ///< thay mặt
  kt = 3,   ///< ký thay
  tl = 4,   ///< thừa lệnh
  tuq = 5,  ///< thừa ủy quyền
  q = 6,    ///< quyền
};
template <>
struct EnumTable<SigningCapacity> {
  using enum SigningCapacity;
  static constexpr EnumRow<SigningCapacity> rows[] = {
      {direct, "direct"}, {tm, "tm"}, {kt, "kt"}, {tl, "tl"}, {tuq, "tuq"}, {q, "q"},
  };
};

/// T17.  A decision recognises a list (quyết định công nhận); the actor signed it on the business
/// day.  Each dossier follows in a TitleGranted of its own.
struct DecisionIssued {
  static constexpr EventType type = EventType::decision_issued;
  static constexpr std::string_view kind_name = "DecisionIssued";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::document;
  static constexpr bool creates = true;
  OrganisationId issuer;
  std::uint32_t number{};  ///< From the issuer's register of that year (N2), at least 1.
  std::uint16_t year{};
  std::string symbol;  ///< After the number: "QĐ-UBND".
  SigningCapacity capacity{};
  std::vector<DossierId> dossiers;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(issuer), CEREAL_NVP(number), CEREAL_NVP(year),
            BOUNDED_NVP(text_limits::decision_symbol, symbol), CEREAL_NVP(capacity),
            BOUNDED_NVP(list_entries_max, dossiers));
  }
};

/// T17.  The authority granted the title.
struct TitleGranted {
  static constexpr EventType type = EventType::title_granted;
  static constexpr std::string_view kind_name = "TitleGranted";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  DecisionId decision;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(decision));
  }
};

enum class NotRecognizedReason : std::uint8_t {
  below_total = 1,
  below_floor = 2,
  not_proposed = 3,
  disqualified = 4,
  not_eligible_age = 5,
  not_eligible_residence = 6,
  withdrawn_late = 7,
  other = 8,
};
template <>
struct EnumTable<NotRecognizedReason> {
  using enum NotRecognizedReason;
  static constexpr EnumRow<NotRecognizedReason> rows[] = {
      {below_total, "below_total"},           {below_floor, "below_floor"},
      {not_proposed, "not_proposed"},         {disqualified, "disqualified"},
      {not_eligible_age, "not_eligible_age"}, {not_eligible_residence, "not_eligible_residence"},
      {withdrawn_late, "withdrawn_late"},     {other, "other"},
  };
};

/// T10, T18.  The title is refused, with reasons the citizen can read.
struct DossierNotRecognized {
  static constexpr EventType type = EventType::dossier_not_recognized;
  static constexpr std::string_view kind_name = "DossierNotRecognized";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  std::vector<NotRecognizedReason> reasons;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(BOUNDED_NVP(8, reasons));
  }
};

}  // namespace events
