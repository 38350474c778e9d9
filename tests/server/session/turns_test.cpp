#include "tests/server/session/session_fixture.h"

#include <algorithm>

namespace server::test {
namespace {

/// How many of the requests are about files.
std::size_t file_requests_in(const Requests& requests) {
  return static_cast<std::size_t>(std::ranges::count_if(requests, [](const Request& request) {
    return std::holds_alternative<FileRequest>(request);
  }));
}

/// A session in turns that has greeted the clerk's device, which speaks of files.
struct InTurns : TwoCommunes {
  PackedBlocks packed;
  SyncSession session{log, private_store, packed, 1};

  InTurns() {
    session.speak_in_turns();
    protocol::Hello hello = a_hello(clerk);
    hello.features |= protocol::feature_files;
    session.on_message(signed_by(clerk, hello), now);
    session.on_admitted(pipeline.admit(clerk.chain(), now), now);
    EXPECT_TRUE(session.is_open());
  }

  /// A run of the clerk that was not answered yet.
  Requests push() {
    events::PersonIntroduced person;
    person.home_unit = first;
    clerk.create(person, administrator, registrar);
    return session.on_message(a_push(clerk.sign()), now);
  }
  Requests offer(std::uint64_t seq) {
    const events::EventId attached{clerk.chain(), seq};
    return session.on_message(protocol::BlobOffer{{attached, events::FilePart::original}, {}}, now);
  }
};

// The photo stands right behind the event that names it: looked at too early, nobody knows it, and
// it would have to come by the next stick.
TEST(Turns, AnOfferWaitsUntilTheEventsBeforeItAreJudged) {
  InTurns turns;
  Requests pushed = turns.push();
  ASSERT_EQ(pushed.size(), 1U);
  EXPECT_EQ(file_requests_in(turns.offer(1)), 0U);
  EXPECT_FALSE(turns.session.wants_input());
  std::vector<PushedRun> runs;
  runs.push_back(std::move(std::get<SubmitRun>(pushed.front()).run));
  const Requests after = turns.session.on_committed(turns.commit(std::move(runs)).at(0), turns.now);
  EXPECT_EQ(file_requests_in(after), 1U);
}

// Chunks behind an offer that nobody has looked at would be thrown away.
TEST(Turns, WhatFollowsAnOfferWaitsForIt) {
  InTurns turns;
  EXPECT_EQ(file_requests_in(turns.offer(1)), 1U);
  EXPECT_FALSE(turns.session.wants_input());
  EXPECT_EQ(file_requests_in(turns.offer(2)), 0U);
  const protocol::FileName first{{turns.clerk.chain(), 1}, events::FilePart::original};
  const Requests after = turns.session.on_file_found(first, std::nullopt, turns.now);
  EXPECT_EQ(file_requests_in(after), 1U) << "the second offer has its turn";
}

// Nobody returns credit: a reader of more than 64 KiB would never get the rest.
TEST(Turns, WhatIsPulledWaitsForNoCredit) {
  InTurns turns;
  for (int block = 0; block < 60; ++block) {
    for (int person = 0; person < 20; ++person) {
      turns.introduce(turns.first, static_cast<std::uint32_t>(block * 20 + person));
    }
    turns.push_admin();
  }
  SyncSession& session = turns.session;
  std::size_t pulled = 0;
  for (events::Bytes out = session.pump(64 * 1024); !out.empty(); out = session.pump(64 * 1024)) {
    pulled += out.size();
  }
  EXPECT_GT(pulled, protocol::initial_credit_bytes + 32 * 1024);
}

}  // namespace
}  // namespace server::test
