#include "tests/support/example_session.h"

#include "events/base/check.h"
#include "events/log/stored_event.h"
#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"
#include "events/protocol/greeting_proof.h"
#include "tests/support/event_builders.h"

#include <optional>
#include <utility>

namespace test_support {
namespace {

using namespace events;
using namespace events::protocol;

/// Puts the block's leaves into the tree and notes the root.
void append_to_tree(StoredBlock& block, Frontier& frontier) {
  Bytes leaf;
  for (std::size_t index = 0; index < block.entries.size(); ++index) {
    const BlockEntry& entry = block.entries[index];
    write_leaf(Position{block.first.value + index}, block.received_at, entry.intake,
               entry.canonical, entry.verdict, leaf);
    frontier.append(leaf_hash(leaf));
  }
  block.root_after = frontier.root();
}

StoredBlock stored(const DeviceBlock& pushed, Position first, UnitId scope) {
  StoredBlock block;
  block.log = pushed.log;
  block.epoch = Epoch{1};
  block.first = first;
  block.received_at = Timestamp{a_moment.value + 3'600'000 * first.value};
  block.chain = pushed.chain;
  block.first_seq = pushed.first_seq;
  block.previous = pushed.previous;
  block.scope = ScopeSet{scope};
  block.run = RunSignature{pushed.first_seq, pushed.signature};
  for (const Bytes& canonical : pushed.events) {
    block.entries.push_back({Intake{}, canonical, an_acceptance()});
  }
  return block;
}

DeviceBlock founding_run() {
  const SigningKey key = a_key(1);
  EventHeader header = a_header(1, system_chain);
  header.stream = {StreamKind::log, header.id()};
  header.seen = Position{0};
  header.actor = {};
  header.role_grant = {};
  return sign_block(a_log, system_chain, 1, chain_start(system_chain, key.public_key()),
                    {make_event(header, a_founding()).canonical}, key);
}

std::vector<Event> own_events(const PrivateRecord& person) {
  std::vector<Payload> payloads = {
      PersonIntroduced{hamlet, {}, Gender::female, AgeBand::from_35_to_44, person.digest()},
      a_dossier(), a_registration()};
  std::vector<Event> events;
  for (Payload& payload : payloads) {
    EventHeader header = an_event(payload, events.size() + 1).header;
    header.seen = Position{1};
    events.push_back(make_event(header, std::move(payload)));
  }
  return events;
}

Enrol enrolment() {
  Enrol enrol;
  enrol.code = "A1B2C3D4E5F6G7H8";
  enrol.public_key = a_key().public_key();
  enrol.label = "Laptop Hội Khuyến học xã";
  enrol.proof = a_key().sign(enrol_statement(enrol));
  return enrol;
}

Hello greeting(const ExampleSession& session) {
  Hello hello;
  hello.log = a_log;
  hello.chain = a_chain;
  hello.device_time = a_moment;
  hello.nonce.fill(9);
  hello.head_seq = session.pushed.last_seq();
  hello.head_hash = hash_after(session.pushed.previous, session.pushed.events);
  hello.rules = RulesVersion{1};
  hello.live = true;
  hello.signature = a_key().sign(hello_statement(hello));
  return hello;
}

Welcome answer(const ExampleSession& session) {
  Welcome welcome;
  welcome.session = 5;
  welcome.server_time = Timestamp{a_moment.value + 500};
  welcome.log = a_log;
  welcome.epoch = Epoch{1};
  welcome.head = session.founding.last();
  welcome.accepted_hash = session.pushed.previous;
  welcome.scope = {false, {reference_scope, commune}};
  welcome.rules = RulesVersion{1};
  welcome.challenge = Bytes(challenge_size, 6);
  sign(welcome, a_key(1), greeting_digest(greeting(session)), std::nullopt);
  return welcome;
}

Enrolled enrolled() {
  Enrolled enrolled;
  enrolled.log = a_log;
  enrolled.chain = a_chain;
  enrolled.device = DeviceId{EventId{system_chain, 2}};
  enrolled.server_key = a_key(1).public_key();
  enrolled.persons = {officer};
  enrolled.server_time = a_moment;
  sign(enrolled, a_key(1), greeting_digest(enrolment()), std::nullopt);
  return enrolled;
}

Answer answer_to_challenge(const ExampleSession& session) {
  return sign_answer(greeting(session), *challenge_of(answer(session)), a_key());
}

/// The device's run as another reader of its commune gets it at the head of the log.
Bytes live_block(const StoredBlock& block) {
  const std::optional<Bytes> packed = pack_live_block_uncompressed(block);
  CHECK(packed.has_value(), "three events travel live");
  return *packed;
}

}  // namespace

protocol::Totals some_totals() {
  protocol::TotalsRow row;
  row.commune = commune;
  row.title = TitleKind::learning_citizen;
  row.cycle = CycleId{EventId{ChainNumber{2}, 7}};
  row.group = GroupCode::farmer_rural;
  row.registered = 603;
  row.self_assessed = 603;
  row.reviewed = 600;
  row.recognized = 599;
  return {Position{4}, true, {row}};
}

protocol::DossierStatuses some_dossier_statuses() {
  protocol::DossierStatus row;
  row.dossier = DossierId{EventId{a_chain, 2}};
  row.subject = {SubjectKind::person, EventId{a_chain, 1}};
  row.commune = commune;
  row.cycle = CycleId{EventId{ChainNumber{2}, 7}};
  row.group = GroupCode::farmer_rural;
  row.state = DossierState::registered;
  row.changed_at = Position{4};
  return {Position{4}, true, {row}};
}

ExampleSession example_session() {
  ExampleSession session;
  session.person = a_private_record(a_person_record());
  session.own_events = own_events(session.person);
  std::vector<Bytes> canonical;
  for (const Event& event : session.own_events) canonical.push_back(event.canonical);
  session.pushed = sign_block(a_log, a_chain, 1, chain_start(a_chain, a_key().public_key()),
                              std::move(canonical), a_key());

  session.founding = stored(founding_run(), Position{1}, reference_scope);
  append_to_tree(session.founding, session.frontier);
  session.own = stored(session.pushed, Position{2}, commune);
  session.own.entries.front().intake = {-2, 1, content_checked};
  append_to_tree(session.own, session.frontier);

  const Cursor end{Epoch{1}, session.own.last(), fingerprint_of(session.own.root_after)};
  const std::vector<Digest> beside = {session.person.digest()};
  session.frames = {
      {"1_enrol", enrolment()},
      {"2_enrolled", enrolled()},
      {"3_hello", greeting(session)},
      {"4_welcome", answer(session)},
      {"5_private", PrivateRecords{{session.person}}},
      {"6_push", Push{a_moment, pack_block_uncompressed(session.pushed, beside)}},
      {"7_events", Events{pack_block_uncompressed(session.founding)}},
      {"8_push_ack", PushAck{session.pushed.last_seq(), {receipt_of(session.own)}}},
      {"9_mark", Mark{end, true}},
      {"10_live", Live{true, live_block(session.own)}},
      {"11_prove", Prove{{session.own.first}}},
      {"12_proofs", Proofs{{proof_of(session.own)}}},
      {"13_subscribe", Subscribe{SummaryMode::totals, commune, Position{}, 30}},
      {"14_totals", some_totals()},
      {"15_standings", some_dossier_statuses()},
      {"16_answer", answer_to_challenge(session)},
  };
  return session;
}

}  // namespace test_support
