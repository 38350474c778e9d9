#include "tests/clients/core/scripted_server.h"

#include "clients/core/acts/register.h"
#include "clients/core/replica/scope_tally.h"
#include "events/packing/wire_block.h"
#include "events/protocol/greeting_proof.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace clients_test {

using namespace events;
namespace acts = clients::acts;
namespace protocol = events::protocol;

namespace {

/// The seed behind test_support::key_of().
SecretSeed seed_of(ChainNumber chain) {
  SecretSeed seed;
  seed.bytes.fill(0x5A);
  for (std::size_t byte = 0; byte < 4; ++byte) {
    seed.bytes[byte] = static_cast<std::uint8_t>(chain.value >> (8 * byte));
  }
  return seed;
}

}  // namespace

ScriptedServer::ScriptedServer() : scope(world.reader_of(0)) {
  const test_support::CommuneWorld& home = world.commune(0);
  chain_ = world.enrol({home.entrant.person, home.branch_head.person, home.clerk.person},
                       "Máy tính thử");
}

clients::Identity ScriptedServer::identity() const {
  clients::Identity identity;
  identity.seed = seed_of(chain_);
  identity.log = world.state().access().log();
  identity.chain = chain_;
  identity.device = world.state().access().device_of(chain_)->id;
  identity.server_key = test_support::key_of(system_chain).public_key();
  identity.persons = world.state().access().device_of(chain_)->persons;
  identity.label = "Máy tính thử";
  return identity;
}

Frames ScriptedServer::answer(const Frames& sent) {
  Frames frames;
  for (const protocol::Message& message : sent) {
    std::ranges::move(answer(message), std::back_inserter(frames));
  }
  return frames;
}

Frames ScriptedServer::answer(const protocol::Message& sent) {
  if (const auto* hello = std::get_if<protocol::Hello>(&sent)) return greet(*hello);
  if (const auto* push = std::get_if<protocol::Push>(&sent)) return take(*push);
  if (const auto* early = std::get_if<protocol::PrivateRecords>(&sent)) {
    privates.insert(privates.end(), early->records.begin(), early->records.end());
  }
  return {};
}

const std::vector<StoredBlock>& ScriptedServer::blocks() {
  extend();
  return blocks_;
}

void ScriptedServer::restore() {
  extend();
  const Epoch before = epoch;
  epoch.value += 1;
  world.append_system(LogRestored{world.head(), world.head(), before, epoch});
}

protocol::Mark ScriptedServer::mark() {
  extend();
  protocol::Mark mark{{epoch, world.head(), fingerprint_of(frontier_.root())}, true, {}};
  clients::ScopeTally tally(scope);
  for (const StoredBlock& block : blocks_) {
    tally.add(block.scope, block.first, block.last(), fingerprint_of(block.root_after));
  }
  protocol::SignedHead head{
      world.state().access().log(), epoch, chain_, world.head(), frontier_.root(), tally.sum(), {}};
  head.signature = test_support::key_of(system_chain).sign(protocol::head_statement(head));
  mark.head = protocol::HeadProof{head.root, head.sum, head.signature};
  return mark;
}

Frames ScriptedServer::greet(const protocol::Hello& hello) {
  EXPECT_TRUE(verify(test_support::key_of(chain_).public_key(), protocol::hello_statement(hello),
                     hello.signature));
  extend();
  told_ = restart_pull ? Position{} : hello.cursor.position;
  protocol::Welcome welcome;
  welcome.session = 1;
  welcome.server_time = world.now();
  welcome.log = world.state().access().log();
  welcome.epoch = epoch;
  welcome.head = world.head();
  const auto head = heads_.find(chain_);
  welcome.accepted_seq = head == heads_.end() ? 0 : head->second.seq;
  welcome.accepted_hash = head == heads_.end()
                              ? chain_start(chain_, test_support::key_of(chain_).public_key())
                              : head->second.hash;
  welcome.scope = scope;
  welcome.rules = world.state().rulebook().rules();
  if (std::exchange(restart_pull, false)) {
    welcome.action = protocol::WelcomeAction::restart_pull;
  }
  sign(welcome, hello);
  Frames frames{welcome};

  protocol::PushAck missing{welcome.accepted_seq, {}};
  for (const StoredBlock& block : blocks_) {
    if (block.chain == chain_ && block.first_seq > hello.verdicts_known) {
      missing.receipts.push_back(receipt_of(block));
    }
  }
  if (!missing.receipts.empty()) frames.push_back(missing);
  std::ranges::move(pull(), std::back_inserter(frames));
  return frames;
}

void ScriptedServer::sign(protocol::Welcome& welcome, const protocol::Hello& hello) {
  protocol::sign(welcome, test_support::key_of(system_chain), protocol::greeting_digest(hello),
                 std::nullopt);
}

Result<Digest> ScriptedServer::hash_at(std::uint64_t seq) const {
  if (seq == 0) return chain_start(chain_, test_support::key_of(chain_).public_key());
  for (const StoredBlock& stored : blocks_) {
    if (stored.chain != chain_ || seq < stored.first_seq || seq > stored.last_seq()) continue;
    std::vector<Bytes> run;
    for (std::uint64_t index = 0; stored.first_seq + index <= seq; ++index) {
      run.push_back(stored.entries[index].canonical);
    }
    return hash_after(stored.previous, run);
  }
  return Error{ErrorCode::gap, "not there"};
}

Frames ScriptedServer::take(const protocol::Push& push) {
  std::uint64_t first_seq = 0;
  const auto hash_before = [&](const DeviceBlock& head) {
    first_seq = head.first_seq;
    return hash_at(first_seq - 1);
  };
  const Result<DeviceBlock> block =
      unpack_device_block(push.block, hash_before, digests_of(privates));
  if (!block) {
    const ErrorCode code = block.error().code;
    EXPECT_TRUE(code == ErrorCode::gap || code == ErrorCode::private_missing)
        << block.error().message;
    return {protocol::PushNak{code, first_seq, world.next_seq(chain_), block.error().message}};
  }
  const Result<VerifyingKey> key = VerifyingKey::load(test_support::key_of(chain_).public_key());
  EXPECT_TRUE(verify_device_block(*block, *key));
  const std::uint64_t next = world.next_seq(chain_);
  if (block->first_seq > next) {
    return {protocol::PushNak{ErrorCode::gap, block->first_seq, next, "gap"}};
  }
  for (const Bytes& canonical : block->events) {
    Result<Event> event = read_event(canonical);
    if (event->header.seq < world.next_seq(chain_)) continue;
    const auto digest = private_digest_of(event->payload);
    const bool is_here = !digest || std::ranges::any_of(privates, [&](const auto& record) {
      return record.digest() == *digest;
    });
    if (!is_here) {
      return {protocol::PushNak{ErrorCode::private_missing, block->first_seq, next, "missing"}};
    }
    world.append(std::move(*event), Intake{0, 2, content_checked});
  }
  extend();
  protocol::PushAck ack{block->last_seq(), {}};
  for (const StoredBlock& stored : blocks_) {
    if (stored.chain == chain_ && stored.first_seq >= block->first_seq &&
        stored.last_seq() <= block->last_seq()) {
      ack.receipts.push_back(receipt_of(stored));
    }
  }
  Frames frames{std::move(ack)};
  std::ranges::move(pull(), std::back_inserter(frames));
  return frames;
}

Frames ScriptedServer::pull() {
  Frames frames;
  for (const StoredBlock& block : blocks_) {
    if (block.first <= told_ || block.chain == chain_ || !scope.includes(block.scope)) continue;
    frames.push_back(protocol::Events{pack_block(block)});
  }
  told_ = world.head();
  frames.push_back(mark());
  return frames;
}

void ScriptedServer::extend() {
  while (blocked_ < world.stored().size()) {
    const test_support::StoredAct& first = world.stored()[blocked_];
    StoredBlock block;
    block.log = world.state().access().log();
    block.epoch = epoch;
    block.first = first.position();
    block.received_at = first.stored.received_at;
    block.chain = first.stored.event.header.chain;
    block.first_seq = first.stored.event.header.seq;
    block.scope = first.scope;
    const SigningKey key = test_support::key_of(block.chain);
    auto [head, is_new] = heads_.try_emplace(block.chain);
    if (is_new) head->second = {0, chain_start(block.chain, key.public_key())};
    block.previous = head->second.hash;

    std::vector<Bytes> run;
    std::size_t bytes = 0;
    Bytes leaf;
    while (blocked_ < world.stored().size() && run.size() < block_events_max) {
      const test_support::StoredAct& act = world.stored()[blocked_];
      bytes += act.stored.event.canonical.size();
      const bool belongs = act.stored.event.header.chain == block.chain &&
                           act.scope == block.scope &&
                           act.stored.received_at == block.received_at && bytes <= block_bytes_max;
      if (!belongs) break;
      run.push_back(act.stored.event.canonical);
      block.entries.push_back({act.stored.intake, run.back(), act.stored.verdict});
      write_leaf(act.stored, leaf);
      frontier_.append(leaf_hash(leaf));
      ++blocked_;
    }
    head->second = {block.last_seq(), hash_after(block.previous, run)};
    block.root_after = frontier_.root();
    block.run = RunSignature{block.first_seq,
                             key.sign(block_statement(block.log, block.chain, block.first_seq,
                                                      block.last_seq(), head->second.hash))};
    blocks_.push_back(std::move(block));
  }
}

TestDevice::TestDevice(const ScriptedServer& server) {
  clients::StoreChange change;
  change.identity = server.identity();
  EXPECT_TRUE(store.commit(change));
  restart();
}

void TestDevice::restart() {
  workspace.reset();
  replica.reset();
  Result<clients::Replica> loaded =
      clients::Replica::load(store, clients::Overlay::judge_own, newest);
  ASSERT_TRUE(loaded) << loaded.error().message;
  replica = std::make_unique<clients::Replica>(std::move(*loaded));
  workspace = std::make_unique<clients::Workspace>(*replica);
}

clients::SyncProgress TestDevice::sync(ScriptedServer& server) {
  clients::SyncEngine engine(*replica, false);
  Result<Frames> outgoing = engine.start(server.world.now(), {});
  EXPECT_TRUE(outgoing);
  // Each pass answers what was sent; a device that is in step sends nothing more.
  while (outgoing && !outgoing->empty()) {
    Frames next;
    for (const protocol::Message& message : server.answer(*outgoing)) {
      Result<Frames> more = engine.on_message(message, server.world.now());
      EXPECT_TRUE(more) << more.error().message;
      if (!more) return engine.progress();
      std::ranges::move(*more, std::back_inserter(next));
    }
    outgoing = std::move(next);
  }
  return engine.progress();
}

clients::RecordRequest TestDevice::request(const ScriptedServer& server,
                                           const test_support::Officer& by, Payload payload,
                                           std::optional<StreamId> about) const {
  clients::RecordRequest request;
  request.payload = std::move(payload);
  request.about = about;
  request.actor = by.person;
  request.role_grant = by.grant;
  request.business_day = server.world.today();
  return request;
}

std::vector<clients::RecordRequest> TestDevice::registration(const ScriptedServer& server,
                                                             std::uint8_t salt) const {
  const test_support::Officer& entrant = server.commune().entrant;
  acts::Draft draft(*workspace);
  const acts::Occasion now{entrant.person,
                           [day = server.world.today(), salt, drawn = std::uint8_t{0}]() mutable {
                             acts::Stamp stamp{day, {}};
                             stamp.salt.fill(static_cast<std::uint8_t>(salt + drawn));
                             drawn = static_cast<std::uint8_t>(drawn + 50);
                             return stamp;
                           }};
  acts::NewPerson person;
  person.record = {"Lò Thị Ánh", {1990, 3, 12}, 0, "", ""};
  person.gender = Gender::female;
  person.age_band = AgeBand::from_25_to_34;
  person.home = server.commune().hamlets[0];
  acts::Registration registration;
  registration.subject = {SubjectKind::person, acts::introduce(draft, now, person).value().event};
  registration.cycle = server.world.citizen_cycle();
  registration.group = GroupCode::farmer_rural;
  registration.home = person.home;
  registration.declaration.consent_purposes = consent_assess | consent_statistics;
  registration.declaration.confirmation = Confirmation::signature_on_paper;
  registration.declaration.proxy = ProxyReason::no_smartphone;
  registration.declaration.proxy_record = {"Chi hội trưởng", "05", "", "Bản Nà Tấu"};
  EXPECT_TRUE(acts::register_dossier(draft, now, registration));
  std::vector<clients::RecordRequest> requests = draft.requests();
  for (clients::RecordRequest& request : requests) request.role_grant = entrant.grant;
  return requests;
}

}  // namespace clients_test
