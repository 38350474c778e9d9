#pragma once

#include "events/access_events.h"
#include "events/bytes.h"
#include "events/chain_events.h"
#include "events/criteria_events.h"
#include "events/decision_events.h"
#include "events/dossier_events.h"
#include "events/evidence_events.h"
#include "events/founding_events.h"
#include "events/hold_events.h"
#include "events/ids.h"
#include "events/person_events.h"
#include "events/purge_events.h"
#include "events/result.h"
#include "events/review_events.h"
#include "events/time.h"
#include "events/unit_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace events {

/// Greatest canonical event, header and payload together.
inline constexpr std::size_t event_bytes_max = 8 * 1024;
/// First byte of a canonical event.
inline constexpr std::uint8_t event_form = 1;
/// Reserved: the actor's own signature follows the payload.  No event of form 1 may carry it yet.
inline constexpr std::uint32_t event_flag_personal_signature = 1;

/// What every event says about itself, before its payload.
/// Format:  docs/log_format.md 3.
struct EventHeader {
  ChainNumber chain;
  std::uint64_t seq{};     ///< From 1, without gaps in its chain.
  std::uint16_t type{};    ///< An EventType, or a number this build does not know.
  std::uint32_t schema{};  ///< Version of the payload struct, from 1.
  StreamId stream;
  Position seen;           ///< Log position its author had applied.
  RulesVersion rules;      ///< Rules its author's device checked it under.
  PersonId actor;          ///< Who did it; none on the system chain.
  RoleGrantId role_grant;  ///< Under which grant; none on the system chain.
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

/// A kind or version that this build does not know.  Its bytes pass through untouched.
struct UnknownPayload {};

/// All kinds of events, as a plain variant.
using PayloadVariant =
    std::variant<UnknownPayload, LogFounded, RulesAdopted, LogRestored, SealingKeyPublished,
                 ClockCorrected,
                 UnitCreated, UnitRenamed, UnitClosed, OrganisationEstablished, CriteriaPublished,
                 CycleOpened, RoleGranted, RoleRevoked, EnrolmentOffered, DeviceEnrolled,
                 DeviceRevoked, ChainContinued, BranchContinued, PersonIntroduced,
                 CollectiveIntroduced, DossierOpened, DossierRegistered, RegistrationAccepted,
                 DossierReturned, DossierResubmitted, SelfAssessmentRecorded, EvidenceSighted,
                 DossierWithdrawn, EvidenceAttached, EvidenceStored, ReviewHeld, DossierReviewed,
                 ListSubmitted, DossierSubmitted, DossierAppraised, DecisionIssued, TitleGranted,
                 DossierNotRecognized, HoldReleased, HoldRefused, HoldChanged, ScopePurged,
                 QuotaRaised>;

/// What an event says: one of all kinds.  A variant of this size costs about a second in each
/// source that copies or destroys one, so event.cpp alone has those members.
struct Payload : PayloadVariant {
  using PayloadVariant::PayloadVariant;
  Payload() noexcept;
  Payload(const Payload& other);
  Payload(Payload&& other) noexcept;
  Payload& operator=(const Payload& other);
  Payload& operator=(Payload&& other) noexcept;
  ~Payload();
};

/// An event taken apart.  `canonical` are the very bytes that were hashed and signed.
struct Event {
  EventHeader header;
  Payload payload;
  Bytes canonical;

  EventId id() const { return header.id(); }
};

/// Calls the first of `cases` that takes the payload: `match(payload, [&](const TitleGranted& e) …,
/// [](const auto&) {})`.
template <class... Cases>
decltype(auto) match(const Payload& payload, Cases&&... cases) {
  struct Overloaded : std::remove_cvref_t<Cases>... {
    using std::remove_cvref_t<Cases>::operator()...;
  };
  return std::visit(Overloaded{std::forward<Cases>(cases)...},
                    static_cast<const PayloadVariant&>(payload));
}

/// Makes a canonical event.  `header.type` and `header.schema` are taken from `payload`.
/// Expects: `payload` is not UnknownPayload.
/// Errors:  too_large: a field is longer than its limit, or the event than event_bytes_max.
Result<Event> try_make_event(EventHeader header, Payload payload);

/// The same from fields that are known to fit: not those that people typed.
Event make_event(EventHeader header, Payload payload);

/// Takes a canonical event apart.  The payload of an unknown kind or newer version becomes
/// UnknownPayload; the bytes stay.
/// Errors: malformed, too_large, unsupported (another form).
Result<Event> read_event(ByteView canonical);
/// The same without a copy: the event keeps the bytes.
Result<Event> read_event(Bytes&& canonical);

/// Only the header of a canonical event; the payload may be anything.
/// Errors: as read_event.
Result<EventHeader> read_event_header(ByteView canonical);

/// The stable English name of a kind, e.g. "DossierOpened"; "Unknown" for others.
std::string_view event_name(std::uint16_t type);

/// The digest of the private record that the event names, if it names one.
std::optional<Digest> private_digest_of(const Payload& payload);

/// Whether an event of this kind creates the thing its stream is about.
bool creates_its_stream(const Payload& payload);

/// The kind of stream that events of this kind belong to; nothing for holds (any stream) and
/// unknown kinds.
std::optional<StreamKind> stream_kind_of(const Payload& payload);

/// The payload as JSON text for people, with field names.  One line.
std::string payload_to_json(const Payload& payload);

}  // namespace events
