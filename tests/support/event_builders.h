#pragma once

#include "events/log/block.h"
#include "events/log/event.h"
#include "events/log/private_record.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// Events of a small invented world, always the same: the commune Nà Tấu (unit 2.2) with its hamlet
/// (unit 2.3), one cycle, some people, one dossier.  A test changes the field it is about in a
/// copy; the values here stay, since tests/golden stands on them.
namespace test_support {

inline constexpr events::LogId a_log{1};
inline constexpr events::ChainNumber a_chain{7};
inline constexpr events::UnitId commune{events::EventId{events::ChainNumber{2}, 2}};
inline constexpr events::UnitId hamlet{events::EventId{events::ChainNumber{2}, 3}};
inline constexpr events::OrganisationId association{events::EventId{events::ChainNumber{2}, 4}};
inline constexpr events::OrganisationId committee{events::EventId{events::ChainNumber{2}, 5}};
inline constexpr events::CriteriaId citizen_criteria{events::EventId{events::ChainNumber{2}, 6}};
inline constexpr events::CycleId cycle_2025{events::EventId{events::ChainNumber{2}, 7}};
inline constexpr events::PersonId administrator{events::EventId{events::ChainNumber{1}, 2}};
inline constexpr events::PersonId officer{events::EventId{events::ChainNumber{2}, 8}};
inline constexpr events::RoleGrantId officer_grant{events::EventId{events::ChainNumber{2}, 9}};
inline constexpr events::PersonId citizen{events::EventId{a_chain, 1}};
inline constexpr events::DossierId dossier{events::EventId{a_chain, 2}};
inline constexpr events::MeetingId meeting{events::EventId{a_chain, 40}};
inline constexpr events::ListId submitted_list{events::EventId{a_chain, 50}};
inline constexpr events::DecisionId decision{events::EventId{a_chain, 60}};
/// 2025-09-02 and the same morning, 08:00 in Viet Nam.
inline constexpr events::Day a_day{20'333};
inline constexpr events::Timestamp a_moment{1'756'774'800'000};

/// The bytes that `hex` stands for; blanks and line ends do not count.
/// Expects: pairs of hexadecimal digits.
events::Bytes from_hex(std::string_view hex);

/// The key whose seed is 32 times `byte`.
events::SigningKey a_key(std::uint8_t byte = 7);
/// 32 times `byte`.
events::Digest a_digest(std::uint8_t byte);
events::Verdict an_acceptance();
/// A refusal with rule and parameters.
events::Verdict a_refusal();

events::LogFounded a_founding();
events::UnitCreated a_commune();
events::CriteriaPublished a_criteria_set();
events::CycleOpened a_cycle();
events::RoleGranted a_role();
events::PersonIntroduced a_person();
events::DossierOpened a_dossier();
events::DossierRegistered a_registration();
events::SelfAssessmentRecorded a_score_sheet();
events::ReviewHeld a_meeting();
events::EvidenceAttached an_attachment();
events::EvidenceStored a_stored_file();
events::DecisionIssued a_decision();
events::TitleGranted a_grant();
/// Every kind of event once, all fields filled, in the order of `Payload`.
std::vector<events::Payload> one_of_each_kind();

/// What a head of `a_chain` says before the type is known.
events::EventHeader a_header(std::uint64_t seq = 1, events::ChainNumber chain = a_chain);
/// The event on the stream it belongs to: its own when it creates one, `dossier` for holds.
events::Event an_event(events::Payload payload, std::uint64_t seq = 1,
                       events::ChainNumber chain = a_chain);
/// The canonical bytes of `count` registrations with seqs from `first_seq`.
std::vector<events::Bytes> some_events(std::size_t count, std::uint64_t first_seq = 1);

/// A person's private record: "Lò Thị Ánh", born in 1990.
events::PersonRecord a_person_record();
/// `fields` behind a salt of 16 times `salt`.
events::PrivateRecord a_private_record(const events::PrivateFields& fields,
                                       std::uint8_t salt = 0xA5);

/// `count` events from seq 1, signed by `a_key()`.
events::DeviceBlock a_device_block(std::size_t count = 3);
/// The same events at positions from `first`, accepted and seen by the commune.
events::StoredBlock a_stored_block(std::size_t count = 3,
                                   events::Position first = events::Position{12});

/// The fields of a payload alone, as make_event() writes them.
events::Bytes payload_bytes(const events::Payload& payload);
/// The event as a newer build would have written it, which appended `more` to the fields.
events::Event in_newer_schema(const events::Event& event, std::uint32_t schema,
                              const events::Bytes& more);

}  // namespace test_support
