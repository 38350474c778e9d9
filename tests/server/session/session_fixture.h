#pragma once

#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "server/session/sync_session.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace server::test {

namespace protocol = events::protocol;

/// One connection of a device: carries requests to the pipeline and back at once, and collects
/// what the device would receive.
class Wire {
 public:
  Wire(FoundedLog& founded, std::uint64_t number = 1)
      : founded_(founded), session_(founded.log, founded.private_store, packed_, number) {}

  SyncSession& session() { return session_; }
  /// What the session asked about files; nobody answers.
  FileRequests file_requests;

  void send(const protocol::Message& message) {
    answer(session_.on_bytes(protocol::encode_frame(message), founded_.now));
  }
  void send_bytes(const events::Bytes& bytes) { answer(session_.on_bytes(bytes, founded_.now)); }

  /// Everything the session has to say now.
  std::vector<protocol::Message> receive() {
    std::vector<protocol::Message> received;
    for (;;) {
      const events::Bytes bytes = session_.pump(48 * 1024);
      if (bytes.empty()) return received;
      const auto messages = protocol::read_frames(bytes);
      EXPECT_TRUE(messages);
      received.insert(received.end(), messages->begin(), messages->end());
    }
  }

  void answer(Requests requests) {
    for (Request& request : requests) {
      std::visit([this](auto& each) { serve(each); }, request);
    }
  }

 private:
  void serve(AskAdmission& request) {
    answer(
        session_.on_admitted(founded_.pipeline.admit(request.chain, founded_.now), founded_.now));
  }
  void serve(AskEnrolment& request) {
    answer(session_.on_enrolled(founded_.enrolment.enrol(request.request, founded_.now),
                                founded_.now));
  }
  void serve(AskSummary& request) {
    const projections::State& state = founded_.pipeline.state();
    const RecentDossiers recent(state.applied());
    answer(session_.on_summary(summarize(request.question, state, {}, recent), founded_.now));
  }
  void serve(AskNewChain& request) {
    answer(session_.on_enrolled(founded_.enrolment.continue_chain(request.request, founded_.now),
                                founded_.now));
  }
  void serve(FileRequest& request) { file_requests.push_back(std::move(request)); }
  void serve(SubmitRun& request) {
    std::vector<PushedRun> runs;
    runs.push_back(std::move(request.run));
    answer(session_.on_committed(founded_.commit(std::move(runs)).at(0), founded_.now));
  }

  void serve(ReturnBlocks& request) {
    answer(session_.on_blocks_returned(founded_.repair->take(request.repair_batch, founded_.now),
                                       founded_.now));
  }
  void serve(RecordPurge& request) {
    answer(session_.on_purge_recorded(founded_.pipeline.record_purge(request.receipt, founded_.now),
                                      founded_.now));
  }

  void serve(AskSnapshot& request) {
    const events::Result<SnapshotPtr> snapshot = shelf_.find_or_make(request.question);
    EXPECT_TRUE(snapshot) << snapshot.error().message;
    answer(session_.on_snapshot(*snapshot, founded_.now));
  }

  FoundedLog& founded_;
  SnapshotShelf shelf_{founded_.log};
  PackedBlocks packed_;
  SyncSession session_;
};

inline protocol::Hello a_hello(const TestDevice& device) {
  protocol::Hello hello;
  hello.log = the_log;
  hello.chain = device.chain();
  hello.device_time = the_morning;
  hello.head_seq = device.seq();
  hello.head_hash = device.head();
  hello.rules = events::RulesVersion{1};
  return hello;
}

inline protocol::Hello signed_by(const TestDevice& device, protocol::Hello hello) {
  hello.signature = device.key().sign(protocol::hello_statement(hello));
  return hello;
}

template <class T>
std::vector<T> all_of(const std::vector<protocol::Message>& messages) {
  std::vector<T> found;
  for (const protocol::Message& message : messages) {
    if (const T* const one = std::get_if<T>(&message)) found.push_back(*one);
  }
  return found;
}

/// The error that ended the session, if one did.
inline events::ErrorCode error_of(const std::vector<protocol::Message>& messages) {
  const auto errors = all_of<protocol::ErrorFrame>(messages);
  return errors.empty() ? events::ErrorCode{} : errors.back().code;
}

inline protocol::Push a_push(const events::DeviceBlock& block) {
  return {the_morning, events::pack_block(block)};
}

/// A log with two communes, a clerk's device for the first and an association's for both.
struct TwoCommunes : FoundedLog {
  events::UnitId first;
  events::UnitId second;
  events::UnitId district;
  TestDevice clerk{events::ChainNumber{3}, 5};
  TestDevice association{events::ChainNumber{4}, 6};

  TwoCommunes() {
    events::UnitCreated above;
    above.kind = events::UnitKind::district;
    above.name = "Huyện Điện Biên";
    above.official_code = "100";
    above.valid_from = events::Day{1};
    district = events::UnitId{admin.create(above, administrator, registrar)};
    first = add_commune_below("Xã Nà Tấu", "03316");
    second = add_commune_below("Xã Nà Nhạn", "03317");
    enrol(first, events::Role::commune_clerk, "AAAABBBBCCCCDDDD", clerk);
    enrol(district, events::Role::district_assoc, "EEEEFFFFGGGGHHHH", association);
  }

  events::UnitId add_commune_below(const std::string& name, const std::string& code) {
    return events::UnitId{admin.create(a_commune(name, code, district), administrator, registrar)};
  }

  void enrol(events::UnitId unit, events::Role role, const std::string& code,
             const TestDevice& device) {
    const events::EventId person = introduce(unit, device.chain().value);
    events::RoleGranted grant;
    grant.person = events::PersonId{person};
    grant.role = role;
    grant.unit = unit;
    grant.valid_from = events::Day{1};
    admin.create(grant, administrator, registrar);
    events::EnrolmentOffered offer;
    offer.persons = {grant.person};
    offer.code_digest = code_digest_of(code);
    offer.expires = events::Timestamp{now.value + events::milliseconds_per_day};
    admin.create(offer, administrator, registrar);
    push_admin();
    const auto enrolled = enrolment.enrol(an_enrolment(code, device.key()), now);
    ASSERT_TRUE(enrolled) << enrolled.error().message;
    ASSERT_EQ(enrolled->chain, device.chain());
  }

  events::EventId introduce(events::UnitId home, std::uint32_t salt) {
    const auto record = test_support::a_private_record(test_support::a_person_record(),
                                                       static_cast<std::uint8_t>(salt));
    records.push_back(record);
    events::PersonIntroduced person;
    person.home_unit = home;
    person.gender = events::Gender::female;
    person.private_digest = record.digest();
    return admin.create(person, administrator, registrar);
  }

  void push_admin() {
    admin.seen = log.head().position;
    const auto ack = ack_of(commit(admin.sign(), admin, std::exchange(records, {})));
    for (const auto& receipt : ack.receipts) {
      for (const auto& entry : receipt.entries) {
        ASSERT_TRUE(entry.verdict.takes_effect())
            << "rule " << static_cast<int>(entry.verdict.rule);
      }
    }
  }

  std::vector<events::PrivateRecord> records;
};

}  // namespace server::test
