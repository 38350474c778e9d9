#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/crypto/serialize.h"
#include "events/kinds/event_type.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// Dossiers in one meeting, list or decision.  700 ids of the longest form fit 8 KiB; rows of
/// minutes have up to 17 bytes, usually 8, so the longest minutes may not fit.
inline constexpr std::size_t list_entries_max = 700;

enum class ReviewConclusion : std::uint8_t { proposed = 1, not_proposed = 2, deferred = 3 };
template <>
struct EnumTable<ReviewConclusion> {
  using enum ReviewConclusion;
  static constexpr EnumRow<ReviewConclusion> rows[] = {
      {proposed, "proposed"},
      {not_proposed, "not_proposed"},
      {deferred, "deferred"},
  };
};

/// One dossier in the minutes.  Votes that are both 0 mean that the minutes give no numbers (không
/// ghi phiếu); nobody's silence is a vote.
struct ReviewEntry {
  DossierId dossier;
  ReviewConclusion conclusion{};
  std::uint16_t agree{};
  std::uint16_t disagree{};

  bool has_votes() const { return agree != 0 || disagree != 0; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(dossier), CEREAL_NVP(conclusion), CEREAL_NVP(agree), CEREAL_NVP(disagree));
  }
};

/// T09.  A meeting deliberated (biên bản họp bình xét); the actor chaired it.  Each dossier follows
/// in a DossierReviewed of its own.
struct ReviewHeld {
  static constexpr EventType type = EventType::review_held;
  static constexpr std::string_view kind_name = "ReviewHeld";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::meeting;
  static constexpr bool creates = true;
  UnitId unit;         ///< Hamlet, or commune when it met as one.
  PersonId secretary;  ///< None when not recorded.
  std::uint16_t invited{};
  std::uint16_t present{};
  std::vector<ReviewEntry> entries;
  std::optional<Digest> private_digest;  ///< MinutesRecord: place, times, agenda.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(unit), CEREAL_NVP(secretary), CEREAL_NVP(invited), CEREAL_NVP(present),
            BOUNDED_NVP(list_entries_max, entries), CEREAL_NVP(private_digest));
  }
};

/// T09, T11.  What the meeting concluded about one dossier; must stand so in the minutes.
struct DossierReviewed {
  static constexpr EventType type = EventType::dossier_reviewed;
  static constexpr std::string_view kind_name = "DossierReviewed";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  MeetingId meeting;
  ReviewConclusion conclusion{};

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(meeting), CEREAL_NVP(conclusion));
  }
};

/// T12.  The commune association proposes a list (tờ trình kèm danh sách đề nghị).
struct ListSubmitted {
  static constexpr EventType type = EventType::list_submitted;
  static constexpr std::string_view kind_name = "ListSubmitted";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::document;
  static constexpr bool creates = true;
  OrganisationId issuer;
  std::string number;     ///< As written, e.g. "05/TTr-HKH"; may be empty until numbered.
  std::uint16_t total{};  ///< Rows as counted by the author (V50).
  std::vector<DossierId> dossiers;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(issuer), BOUNDED_NVP(text_limits::list_number, number), CEREAL_NVP(total),
            BOUNDED_NVP(list_entries_max, dossiers));
  }
};

/// T12.  One dossier of the list is before the council.
struct DossierSubmitted {
  static constexpr EventType type = EventType::dossier_submitted;
  static constexpr std::string_view kind_name = "DossierSubmitted";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  ListId list;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(list));
  }
};

enum class AppraisalOutcome : std::uint8_t { qualified = 1, not_qualified = 2 };
template <>
struct EnumTable<AppraisalOutcome> {
  using enum AppraisalOutcome;
  static constexpr EnumRow<AppraisalOutcome> rows[] = {
      {qualified, "qualified"},
      {not_qualified, "not_qualified"},
  };
};

/// T14.  The council checked the sheet against the criteria (phiếu thẩm định).
struct DossierAppraised {
  static constexpr EventType type = EventType::dossier_appraised;
  static constexpr std::string_view kind_name = "DossierAppraised";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  AppraisalOutcome outcome{};
  std::uint16_t total_tenths{};  ///< As recomputed by the council's device.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(outcome), CEREAL_NVP(total_tenths));
  }
};

}  // namespace events
