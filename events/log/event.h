#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/kinds/access_events.h"
#include "events/kinds/chain_events.h"
#include "events/kinds/criteria_events.h"
#include "events/kinds/decision_events.h"
#include "events/kinds/dossier_events.h"
#include "events/kinds/evidence_events.h"
#include "events/kinds/founding_events.h"
#include "events/kinds/hold_events.h"
#include "events/kinds/person_events.h"
#include "events/kinds/purge_events.h"
#include "events/kinds/review_events.h"
#include "events/kinds/unit_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace events {

/// Greatest canonical event, header and payload together.
inline constexpr std::size_t event_bytes_max = 8 * 1024;
/// Numbers of kinds are below it.
inline constexpr std::size_t type_limit = 128;
/// First byte of a canonical event.
inline constexpr std::uint8_t event_form = 1;
/// Reserved: the actor's own signature follows the payload.  Readers refuse an event of form 1 that
/// has this flag.
inline constexpr std::uint32_t event_flag_personal_signature = 1;

/// What every event says about itself; it stands before the payload.
/// Format:  docs/log_format.md 3.
struct EventHeader {
  ChainNumber chain;
  std::uint64_t seq{};     ///< From 1, without gaps in its chain.
  std::uint16_t type{};    ///< An EventType, or a number this build does not know.
  std::uint32_t schema{};  ///< Version of the payload struct, from 1.
  StreamId stream;
  Position seen;           ///< Log position that its author had applied.
  RulesVersion rules;      ///< Rules under which its author's device checked the event.
  PersonId actor;          ///< The person who did it; none on the system chain.
  RoleGrantId role_grant;  ///< The grant under which they did it; none on the system chain.
  Timestamp recorded_at;   ///< Device clock; not trusted.
  Day business_day;        ///< The day on the paper.
  std::uint32_t flags{};

  EventId id() const { return {chain, seq}; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(chain), CEREAL_NVP(seq), CEREAL_NVP(type), CEREAL_NVP(schema),
            CEREAL_NVP(stream), CEREAL_NVP(seen), CEREAL_NVP(rules), CEREAL_NVP(actor),
            CEREAL_NVP(role_grant), CEREAL_NVP(recorded_at), CEREAL_NVP(business_day),
            CEREAL_NVP(flags));
  }
};

/// The payload of a kind that this build does not know.  The event keeps its bytes.
struct UnknownPayload {};

/// The payloads of all kinds of events, as a plain variant.
using PayloadVariant =
    std::variant<UnknownPayload, LogFounded, RulesAdopted, LogRestored, SealingKeyPublished,
                 ClockCorrected, UnitCreated, UnitRenamed, UnitClosed, UnitsChanged,
                 OrganisationEstablished, CriteriaPublished, CycleOpened, PhaseClosed, RoleGranted,
                 RoleRevoked, EnrolmentOffered, DeviceEnrolled, DeviceRevoked, ChainContinued,
                 BranchContinued, PersonIntroduced, CollectiveIntroduced, DossierOpened,
                 DossierRegistered, RegistrationAccepted, DossierReturned, DossierResubmitted,
                 SelfAssessmentRecorded, EvidenceSighted, DossierWithdrawn, EvidenceAttached,
                 EvidenceStored, ReviewHeld, DossierReviewed, ListSubmitted, DossierSubmitted,
                 DossierAppraised, DecisionIssued, TitleGranted, DossierNotRecognized, HoldReleased,
                 HoldRefused, HoldChanged, ScopePurged, QuotaRaised>;

/// What an event says: the payload of one kind.  A source that copies or destroys a variant of this
/// size takes about a second longer to compile, so event.cpp alone defines the members that do.
struct Payload : PayloadVariant {
  using PayloadVariant::PayloadVariant;
  Payload() noexcept;
  Payload(const Payload& other);
  Payload(Payload&& other) noexcept;
  Payload& operator=(const Payload& other);
  Payload& operator=(Payload&& other) noexcept;
  ~Payload();
};

/// The schema in which fields of a kind are written: the oldest that says all of them, so that a
/// reader of an older build misses nothing that was not said.  A kind with more than one schema has
/// a member `schema_needed()`.
template <class Fields>
std::uint32_t schema_to_write(const Fields& fields) {
  if constexpr (requires { fields.schema_needed(); }) {
    return fields.schema_needed();
  } else {
    return Fields::schema;
  }
}

/// A decoded event.  `canonical` are the very bytes that were hashed and signed.  Of an event whose
/// schema is newer than this build's, the payload holds the fields that this build knows.
struct Event {
  EventHeader header;
  Payload payload;
  Bytes canonical;

  EventId id() const { return header.id(); }
};

/// Calls the one of `cases` that overload resolution chooses for the payload:
/// `match(payload, [&](const TitleGranted& e) …, [](const auto&) {})`.
template <class... Cases>
decltype(auto) match(const Payload& payload, Cases&&... cases) {
  struct Overloaded : std::remove_cvref_t<Cases>... {
    using std::remove_cvref_t<Cases>::operator()...;
  };
  return std::visit(Overloaded{std::forward<Cases>(cases)...},
                    static_cast<const PayloadVariant&>(payload));
}

/// Whether the payload holds all that the event says: this build knows its kind and its schema.
bool is_whole(const Event& event);
/// The bytes of the fields that a newer schema added behind those that this build knows; none of an
/// event that is whole or of an unknown kind.
Bytes fields_beyond(const Event& event);

/// Makes a canonical event.  `payload` decides `header.type` and `header.schema`.
/// Expects: `payload` is not UnknownPayload.
/// Errors:  too_large: a field is longer than its limit, or the event is longer than
///          event_bytes_max; invalid_argument: `recorded_at` or `business_day` is after the year
///          9999.
Result<Event> try_make_event(EventHeader header, Payload payload);

/// The same from fields that are known to fit.  Fields that a person typed go through
/// try_make_event().
Event make_event(EventHeader header, Payload payload);

/// Decodes a canonical event.  Of a newer schema the known fields are read, which are the first
/// ones (docs/rules.md); the payload of an unknown kind, or one whose known fields cannot be read,
/// becomes UnknownPayload.  The bytes stay.
/// Errors: malformed, too_large, unsupported (another form).
Result<Event> read_event(ByteView canonical);
/// The same without a copy: the event keeps the bytes.
Result<Event> read_event(Bytes&& canonical);

/// Decodes only the header of a canonical event; the payload may be anything.
/// Errors: as read_event.
Result<EventHeader> read_event_header(ByteView canonical);

/// The stable English name of a kind, e.g. "DossierOpened"; "Unknown" for a kind that this build
/// does not know.
std::string_view event_name(std::uint16_t type);

/// The digest of the private record that the event names, if it names one.
std::optional<Digest> private_digest_of(const Payload& payload);

/// Whether an event of this kind creates the thing its stream is about.
bool creates_its_stream(const Payload& payload);

/// The kind of stream that events of this kind belong to.  Nothing for unknown kinds, and for the
/// events about holds, which may stand on any stream.
std::optional<StreamKind> stream_kind_of(const Payload& payload);

/// The payload as one line of JSON for people, with field names.
std::string payload_to_json(const Payload& payload);

}  // namespace events
