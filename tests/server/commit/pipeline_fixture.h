#pragma once

#include "events/log/memory_event_log.h"
#include "events/log/private_store.h"
#include "server/commit/enrolment.h"
#include "server/commit/pipeline.h"
#include "server/repair/repair.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace server::test {

inline constexpr events::LogId the_log{1};
inline constexpr events::Timestamp the_morning{1'756'774'800'000};
inline constexpr events::ChainNumber admin_chain{2};
inline constexpr const char* founding_code = "FVNDERSCDE234567";

/// A device: its key and its own chain, which it extends and signs.
class TestDevice {
 public:
  TestDevice(events::ChainNumber chain, std::uint8_t key_byte)
      : chain_(chain),
        key_(test_support::a_key(key_byte)),
        head_(events::chain_start(chain, key_.public_key())) {}

  events::ChainNumber chain() const { return chain_; }
  const events::SigningKey& key() const { return key_; }
  std::uint64_t seq() const { return seq_; }
  const events::Digest& head() const { return head_; }

  /// The header of the next event, on the stream it creates.
  events::EventHeader header(events::StreamKind kind, events::PersonId actor,
                             events::RoleGrantId grant) const {
    events::EventHeader header;
    header.chain = chain_;
    header.seq = seq_ + pending_.size() + 1;
    header.stream = {kind, header.id()};
    header.rules = events::RulesVersion{1};
    header.actor = actor;
    header.role_grant = grant;
    header.recorded_at = the_morning;
    header.business_day = events::day_in_vietnam(the_morning);
    header.seen = seen;
    return header;
  }

  /// Adds an event that creates a thing, and returns its id.
  events::EventId create(events::Payload payload, events::PersonId actor,
                         events::RoleGrantId grant) {
    const events::EventHeader made = header(*events::stream_kind_of(payload), actor, grant);
    add(made, std::move(payload));
    return made.id();
  }
  void add(const events::EventHeader& made, events::Payload payload) {
    pending_.push_back(events::make_event(made, std::move(payload)).canonical);
  }

  void add_canonical(events::Bytes canonical) { pending_.push_back(std::move(canonical)); }

  /// Signs what was added since the last call.
  events::DeviceBlock sign() {
    events::DeviceBlock block =
        events::sign_block(the_log, chain_, seq_ + 1, head_, std::exchange(pending_, {}), key_);
    head_ = events::hash_after(head_, block.events);
    seq_ = block.last_seq();
    return block;
  }

  events::Position seen{4};

 private:
  events::ChainNumber chain_;
  events::SigningKey key_;
  std::uint64_t seq_ = 0;
  events::Digest head_;
  std::vector<events::Bytes> pending_;
};

inline events::protocol::Enrol an_enrolment(const std::string& code,
                                            const events::SigningKey& key) {
  events::protocol::Enrol enrol;
  enrol.code = code;
  enrol.public_key = key.public_key();
  enrol.label = "Laptop";
  enrol.proof = key.sign(events::protocol::enrol_statement(enrol));
  return enrol;
}

inline events::protocol::Enrol a_founding_enrolment(const events::SigningKey& key) {
  events::protocol::Enrol enrol = an_enrolment(founding_code, key);
  enrol.founding = events::protocol::Founding{
      "titles.example/default", test_support::a_private_record(test_support::a_person_record())};
  enrol.proof = key.sign(events::protocol::enrol_statement(enrol));
  return enrol;
}

/// Communes as the tests' devices create them.
inline events::UnitCreated a_commune(const std::string& name,
                                     const std::string& official_code = "03317",
                                     events::UnitId parent = {}) {
  events::UnitCreated unit;
  unit.kind = events::UnitKind::commune;
  unit.parent = parent;
  unit.name = name;
  unit.official_code = official_code;
  unit.area = events::AreaType::rural;
  unit.valid_from = events::Day{1};
  return unit;
}

/// A founded log in memory with its pipeline, and the administrator's device.
struct FoundedLog {
  events::MemoryEventLog log{the_log, events::Epoch{1}};
  events::MemoryPrivateStore private_store;
  MemoryParkingStore parking;
  std::optional<ParkedRuns> parked{*ParkedRuns::open(parking)};
  Pipeline pipeline{log, private_store, test_support::a_key(1), &*parked};
  Enrolment enrolment{pipeline, code_digest_of(founding_code)};
  TestDevice admin{admin_chain, 2};
  events::PersonId administrator{events::EventId{events::system_chain, 2}};
  events::RoleGrantId registrar{events::EventId{events::system_chain, 3}};
  events::Timestamp now = the_morning;
  MemoryStagingStore staging;
  std::optional<Repair> repair;  ///< From begin_repair() on.

  /// As if it had been restored from a backup of this moment.
  void begin_repair() {
    auto begun = Repair::begin({.pipeline = pipeline,
                                .store = staging,
                                .restored = log.head(),
                                .end_mark = []() -> events::Result<void> { return {}; },
                                .on_end = {}});
    ASSERT_TRUE(begun) << begun.error().message;
    repair.emplace(std::move(*begun));
  }

  FoundedLog() {
    EXPECT_TRUE(pipeline.recover());
    const auto founded = enrolment.enrol(a_founding_enrolment(admin.key()), now);
    EXPECT_TRUE(founded) << founded.error().message;
  }

  PushedRun checked(const events::DeviceBlock& block, const TestDevice& device,
                    std::vector<events::PrivateRecord> records = {}) {
    const auto key = events::VerifyingKey::load(device.key().public_key());
    auto run = check_run(block, *key, now, std::move(records));
    EXPECT_TRUE(run) << run.error().message;
    return std::move(*run);
  }

  std::vector<PushOutcome> commit(std::vector<PushedRun> runs) {
    auto outcomes = pipeline.commit(runs, now);
    EXPECT_TRUE(outcomes) << outcomes.error().message;
    return outcomes ? std::move(*outcomes) : std::vector<PushOutcome>{};
  }
  PushOutcome commit(const events::DeviceBlock& block, const TestDevice& device,
                     std::vector<events::PrivateRecord> records = {}) {
    std::vector<PushedRun> runs;
    runs.push_back(checked(block, device, std::move(records)));
    return commit(std::move(runs)).at(0);
  }

  /// A second registrar, who may release what the first one did, with a device of hers.
  struct Deputy {
    TestDevice device;
    events::PersonId person;
    events::RoleGrantId grant;
  };
  Deputy add_deputy() {
    const auto record = test_support::a_private_record(test_support::a_person_record(), 0x77);
    events::PersonIntroduced person;
    person.home_unit = add_commune("Xã Thanh Minh");
    person.private_digest = record.digest();
    events::RoleGranted grant;
    grant.person = events::PersonId{admin.create(person, administrator, registrar)};
    grant.role = events::Role::registrar;
    grant.valid_from = events::Day{1};
    const events::RoleGrantId granted{admin.create(grant, administrator, registrar)};
    events::EnrolmentOffered offer;
    offer.persons = {grant.person};
    offer.code_digest = code_digest_of("DEPVTYDEPVTYDEPV");
    offer.expires = events::Timestamp{now.value + events::milliseconds_per_day};
    admin.create(offer, administrator, registrar);
    commit(admin.sign(), admin, {record});
    TestDevice device(events::ChainNumber{3}, 3);
    EXPECT_TRUE(enrolment.enrol(an_enrolment("DEPVTYDEPVTYDEPV", device.key()), now));
    device.seen = log.head().position;
    admin.seen = log.head().position;
    return {std::move(device), grant.person, granted};
  }

  /// A commune, from the administrator's device; not yet signed.
  events::UnitId add_commune(const std::string& name) {
    return events::UnitId{admin.create(a_commune(name, "03316"), administrator, registrar)};
  }
};

inline const events::protocol::PushAck& ack_of(const PushOutcome& outcome) {
  static const events::protocol::PushAck none;
  const auto* const ack = std::get_if<events::protocol::PushAck>(&outcome);
  if (ack != nullptr) return *ack;
  const auto& nak = std::get<events::protocol::PushNak>(outcome);
  ADD_FAILURE() << "refused: " << events::name_of(nak.reason) << ": " << nak.message;
  return none;
}

inline events::ErrorCode reason_of(const PushOutcome& outcome) {
  const auto* const nak = std::get_if<events::protocol::PushNak>(&outcome);
  return nak == nullptr ? events::ErrorCode{} : nak->reason;
}

}  // namespace server::test
