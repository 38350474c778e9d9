#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/time.h"
#include "events/crypto/serialize.h"
#include "events/kinds/event_type.h"
#include "events/kinds/titles.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace events {

/// Trạng thái hồ sơ (domain.md 4.5).  On disk for ever; free numbers are for later states.
enum class DossierState : std::uint8_t {
  none = 0,
  draft = 1,            ///< Nháp
  registered = 2,       ///< Đã đăng ký
  accepted = 3,         ///< Đã tiếp nhận đăng ký
  self_assessed = 4,    ///< Đã tự đánh giá
  reviewed = 5,         ///< Đã bình xét
  submitted = 6,        ///< Đã trình
  appraised = 7,        ///< Đã thẩm định
  recognized = 9,       ///< Đã công nhận
  not_recognized = 11,  ///< Không công nhận
  returned = 12,        ///< Trả lại để bổ sung
  expired = 15,         ///< Hết hiệu lực; computed, no dossier is stored in it (T26)
  withdrawn = 16,       ///< Đã rút
  lapsed = 17,  ///< Quá hạn, không hoàn tất; computed, no dossier is stored in it (T29)
};
template <>
struct EnumTable<DossierState> {
  using enum DossierState;
  static constexpr EnumRow<DossierState> rows[] = {
      {none, "none"},
      {draft, "draft"},
      {registered, "registered"},
      {accepted, "accepted"},
      {self_assessed, "self_assessed"},
      {reviewed, "reviewed"},
      {submitted, "submitted"},
      {appraised, "appraised"},
      {recognized, "recognized"},
      {not_recognized, "not_recognized"},
      {returned, "returned"},
      {withdrawn, "withdrawn"},
      {expired, "expired"},
      {lapsed, "lapsed"},
  };
};

enum class SubjectKind : std::uint8_t { person = 1, collective = 2 };
template <>
struct EnumTable<SubjectKind> {
  using enum SubjectKind;
  static constexpr EnumRow<SubjectKind> rows[] = {
      {person, "person"},
      {collective, "collective"},
  };
};

/// Who a dossier is about: a person or a collective.
struct SubjectRef {
  SubjectKind kind{};
  EventId id;
  auto operator<=>(const SubjectRef&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(id));
  }
};

/// T01.  A dossier is opened for one subject, title and cycle; the criteria of the cycle bind it.
struct DossierOpened {
  static constexpr EventType type = EventType::dossier_opened;
  static constexpr std::string_view kind_name = "DossierOpened";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = true;
  SubjectRef subject;
  CycleId cycle;
  GroupCode group{};
  UnitId home_unit;  ///< Hamlet or commune; immutable (U5).

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(subject), CEREAL_NVP(cycle), CEREAL_NVP(group), CEREAL_NVP(home_unit));
  }
};

enum class LawfulBasis : std::uint8_t {
  none = 0,
  consent = 1,
  state_management = 2,
  agreement = 3,
  other_law = 4,
};
template <>
struct EnumTable<LawfulBasis> {
  using enum LawfulBasis;
  static constexpr EnumRow<LawfulBasis> rows[] = {
      {consent, "consent"},     {state_management, "state_management"},
      {agreement, "agreement"}, {other_law, "other_law"},
      {none, "none"},
  };
};

/// Why somebody else enters (domain.md 4.7); `none` when the subject was present.
enum class ProxyReason : std::uint8_t {
  none = 0,
  no_smartphone = 1,
  no_literacy = 2,
  elderly = 3,
  disabled = 4,
  no_coverage = 5,
  other = 6,
};
template <>
struct EnumTable<ProxyReason> {
  using enum ProxyReason;
  static constexpr EnumRow<ProxyReason> rows[] = {
      {none, "none"},       {no_smartphone, "no_smartphone"}, {no_literacy, "no_literacy"},
      {elderly, "elderly"}, {disabled, "disabled"},           {no_coverage, "no_coverage"},
      {other, "other"},
  };
};

/// How the subject confirmed what was entered.
enum class Confirmation : std::uint8_t {
  subject_present = 1,
  signature_on_paper = 2,
  thumbprint_on_paper = 3,
  phone_call = 4,
  witness = 5,
};
template <>
struct EnumTable<Confirmation> {
  using enum Confirmation;
  static constexpr EnumRow<Confirmation> rows[] = {
      {subject_present, "subject_present"},
      {signature_on_paper, "signature_on_paper"},
      {thumbprint_on_paper, "thumbprint_on_paper"},
      {phone_call, "phone_call"},
      {witness, "witness"},
  };
};

/// Bits of DossierRegistered::consent_purposes (domain.md appendix A).
inline constexpr std::uint8_t consent_assess = 1;
inline constexpr std::uint8_t consent_publish_list = 2;
inline constexpr std::uint8_t consent_statistics = 4;
inline constexpr std::uint8_t consent_share_employer = 8;
inline constexpr std::uint8_t consent_contact = 16;

/// T02.  The subject applies for the title (phiếu đăng ký).
struct DossierRegistered {
  static constexpr EventType type = EventType::dossier_registered;
  static constexpr std::string_view kind_name = "DossierRegistered";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  LawfulBasis basis{};
  std::uint8_t consent_purposes{};
  Confirmation confirmation{};
  ProxyReason proxy{};
  std::optional<Digest> private_digest;  ///< ProxyRecord, when there is a proxy.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(basis), CEREAL_NVP(consent_purposes), CEREAL_NVP(confirmation),
            CEREAL_NVP(proxy), CEREAL_NVP(private_digest));
  }
};

/// T03.  The branch or board takes the registration into its list.
struct RegistrationAccepted {
  static constexpr EventType type = EventType::registration_accepted;
  static constexpr std::string_view kind_name = "RegistrationAccepted";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;

  template <class Archive>
  void serialize(Archive& /*archive*/, std::uint32_t /*version*/) {}
};

enum class ReturnReason : std::uint8_t {
  missing_evidence = 1,
  wrong_group = 2,
  wrong_unit = 3,
  score_mismatch = 4,
  identity_unclear = 5,
  duplicate_suspected = 6,
  no_meeting = 7,
  consent_missing = 8,
  other = 9,
};
template <>
struct EnumTable<ReturnReason> {
  using enum ReturnReason;
  static constexpr EnumRow<ReturnReason> rows[] = {
      {missing_evidence, "missing_evidence"},
      {wrong_group, "wrong_group"},
      {wrong_unit, "wrong_unit"},
      {score_mismatch, "score_mismatch"},
      {identity_unclear, "identity_unclear"},
      {duplicate_suspected, "duplicate_suspected"},
      {no_meeting, "no_meeting"},
      {consent_missing, "consent_missing"},
      {other, "other"},
  };
};

/// T04, T13.  Back to the subject, with what is missing and the state to come back to.
struct DossierReturned {
  static constexpr EventType type = EventType::dossier_returned;
  static constexpr std::string_view kind_name = "DossierReturned";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  ReturnReason reason{};
  DossierState return_to{};
  std::optional<Digest> private_digest;  ///< NoteRecord; required for ReturnReason::other.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(reason), CEREAL_NVP(return_to), CEREAL_NVP(private_digest));
  }
};

/// T05.  All return items are answered.
struct DossierResubmitted {
  static constexpr EventType type = EventType::dossier_resubmitted;
  static constexpr std::string_view kind_name = "DossierResubmitted";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  std::optional<Digest> private_digest;  ///< NoteRecord.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(private_digest));
  }
};

/// T06.  A score sheet (phiếu tự đánh giá, chấm điểm); older sheets are kept.
struct SelfAssessmentRecorded {
  static constexpr EventType type = EventType::self_assessment_recorded;
  static constexpr std::string_view kind_name = "SelfAssessmentRecorded";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  CriteriaId criteria;
  std::vector<std::uint16_t> scores_tenths;  ///< One per indicator of the variant, in its order.
  std::uint16_t total_tenths{};              ///< V12: must be their sum.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(criteria), BOUNDED_NVP(32, scores_tenths), CEREAL_NVP(total_tenths));
  }
};

enum class EvidenceKind : std::uint8_t {
  certificate = 1,
  attendance = 2,
  library = 3,
  media_use = 4,
  production = 5,
  digital_task = 6,
  community = 7,
  family = 8,
  statement = 9,
  photo = 10,
  other = 11,
};
template <>
struct EnumTable<EvidenceKind> {
  using enum EvidenceKind;
  static constexpr EnumRow<EvidenceKind> rows[] = {
      {certificate, "certificate"},
      {attendance, "attendance"},
      {library, "library"},
      {media_use, "media_use"},
      {production, "production"},
      {digital_task, "digital_task"},
      {community, "community"},
      {family, "family"},
      {statement, "statement"},
      {photo, "photo"},
      {other, "other"},
  };
};

/// T08.  Somebody saw a piece of evidence on paper (đã đối chiếu bản giấy).
struct EvidenceSighted {
  static constexpr EventType type = EventType::evidence_sighted;
  static constexpr std::string_view kind_name = "EvidenceSighted";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  EvidenceKind kind{};
  std::uint32_t indicators{};            ///< Bit i: for indicator i of the criteria set.
  Day document_day;                      ///< Date on the paper; 0 when it has none.
  std::optional<Digest> private_digest;  ///< EvidenceRecord: what, issuer, where kept.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(indicators), CEREAL_NVP(document_day),
            CEREAL_NVP(private_digest));
  }
};

/// T28.  The subject withdraws before the decision.
struct DossierWithdrawn {
  static constexpr EventType type = EventType::dossier_withdrawn;
  static constexpr std::string_view kind_name = "DossierWithdrawn";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::dossier;
  static constexpr bool creates = false;
  std::optional<Digest> private_digest;  ///< NoteRecord.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(private_digest));
  }
};

}  // namespace events
