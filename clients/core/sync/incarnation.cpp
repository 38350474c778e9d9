#include "clients/core/sync/incarnation.h"

#include "clients/core/log/id_mapping.h"
#include "clients/core/sync/enrolment.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::EventId;
using events::Result;
namespace protocol = events::protocol;

namespace {

/// The chain on which what `branches[index]` had goes on.
events::ChainNumber next_chain_of(const std::vector<Branch>& branches, std::size_t index,
                                  const Identity& identity) {
  return index + 1 < branches.size() ? branches[index + 1].chain : identity.chain;
}

/// Up to here the log surely has the chain as it is here: the server signed it.  A bare answer to a
/// push is no proof: it may be about what the device had made before it was set back.
std::uint64_t surely_common_seq(const Replica& replica) {
  const std::uint64_t known = replica.own().verdicts_known();
  const std::uint64_t proved =
      std::min(known, replica.receipt_store().covers(replica.identity().chain));
  // With more hashes than a request may have, the answers are believed.
  const bool fits = replica.own().head().seq - proved <= protocol::branch_hashes_max;
  return fits ? proved : known;
}

/// The events of a chain that was left which only this device has, as they go on.
class Continuation {
 public:
  Continuation(Replica& replica, events::Timestamp now) : replica_(replica), now_(now) {}

  Result<void> add(Branch& branch, std::uint64_t common_seq) {
    const Result<std::vector<OwnEvent>> left = replica_.store().branch_events(branch.chain);
    if (!left) return left.error();
    branch.first_seq = common_seq + 1;
    branch.continued = true;
    if (left->size() <= common_seq) return {};
    std::vector<events::Event> lost;
    for (std::size_t index = common_seq; index < left->size(); ++index) {
      Result<events::Event> event = events::read_event((*left)[index].canonical);
      if (!event) return event.error();
      lost.push_back(std::move(*event));
    }
    const std::uint64_t first = next_seq() + 1;  // Behind the event that announces them.
    const NewIdOf new_id_of = [&](const EventId& id) {
      const bool moves = id.chain() == branch.chain && id.seq() > common_seq;
      if (!moves) return id;
      return EventId{replica_.identity().chain, first + id.seq() - common_seq - 1};
    };
    if (auto announced = announce(branch, lost, *left, new_id_of); !announced) return announced;
    for (std::size_t index = 0; index < lost.size(); ++index) {
      const std::uint8_t content = (*left)[common_seq + index].content;
      if (auto again = record_again(lost[index], content, new_id_of); !again) {
        return again;
      }
    }
    return {};
  }

  std::vector<OwnEntry>& entries() { return entries_; }
  std::uint64_t recorded_again() const { return recorded_again_; }

 private:
  std::uint64_t next_seq() const { return replica_.own().head().seq + entries_.size() + 1; }

  Result<void> announce(const Branch& branch, const std::vector<events::Event>& lost,
                        const std::vector<OwnEvent>& left, const NewIdOf& new_id_of) {
    const projections::Access& access = replica_.overlay().confirmed().access();
    events::Digest hash =
        events::chain_start(branch.chain, access.device_of(branch.chain)->public_key);
    for (const OwnEvent& own : left) hash = events::chain_next(hash, own.canonical);
    events::EventHeader header = lost.front().header;
    header.actor.event = new_id_of(header.actor.event);
    header.role_grant.event = new_id_of(header.role_grant.event);
    header.flags = 0;
    const EventId id{replica_.identity().chain, next_seq()};
    header.stream = {events::StreamKind::access, id};
    return record(std::move(header),
                  events::BranchContinued{branch.chain, branch.first_seq, branch.last_seq, hash},
                  0);
  }

  Result<void> record_again(const events::Event& event, std::uint8_t content,
                            const NewIdOf& new_id_of) {
    Result<events::Payload> payload = payload_with_new_ids(event, new_id_of);
    if (!payload) return payload.error();
    const auto mapped = [&](EventId id) { return id.is_none() ? id : new_id_of(id); };
    events::EventHeader header = event.header;
    header.stream.id = mapped(header.stream.id);
    header.actor.event = mapped(header.actor.event);
    header.role_grant.event = mapped(header.role_grant.event);
    ++recorded_again_;
    return record(std::move(header), std::move(*payload), content);
  }

  /// What the rules refuse is recorded all the same: its verdict belongs into the log.
  Result<void> record(events::EventHeader header, events::Payload payload, std::uint8_t content) {
    header.chain = replica_.identity().chain;
    header.seq = next_seq();
    Result<events::Event> event = events::try_make_event(header, std::move(payload));
    if (!event) return event.error();
    const projections::Judgement judgement = replica_.try_next(*event, content, now_);
    entries_.push_back({std::move(*event), judgement.scope, content, {}});
    return {};
  }

  Replica& replica_;
  events::Timestamp now_;
  std::vector<OwnEntry> entries_;
  std::uint64_t recorded_again_ = 0;
};

}  // namespace

Result<protocol::NewChain> ask_for_new_chain(Replica& replica, const DeviceKey& fresh) {
  const Result<std::optional<DeviceKey>> known = replica.store().next_key();
  if (!known) return known.error();
  // A key that is the device's own already was left behind when its chain was taken.
  const bool is_open = *known && **known != replica.identity().key();
  const DeviceKey key = is_open ? **known : fresh;
  if (!is_open) {
    StoreChange change;
    change.next_key = key;
    if (Result<void> kept = replica.store().commit(change); !kept) return kept.error();
  }
  const OfflineLog& own = replica.own();
  const Identity& identity = replica.identity();
  protocol::NewChain request;
  request.log = identity.log;
  request.chain = identity.chain;
  request.common_seq = surely_common_seq(replica);
  request.common_hash = own.hash_at(request.common_seq);
  if (own.head().seq - request.common_seq > protocol::branch_hashes_max) {
    return Error{ErrorCode::too_large, "too many events without receipt for a new chain"};
  }
  for (std::uint64_t seq = request.common_seq + 1; seq <= own.head().seq; ++seq) {
    request.hashes.push_back(events::fingerprint_of(own.hash_at(seq)));
  }
  const std::unique_ptr<const Signer> new_signer = replica.store().signer_of(key);
  request.public_key = new_signer->public_key();
  request.label = identity.label;
  const events::Bytes statement =
      protocol::new_chain_statement(request.log, request.chain, request.public_key, request.label);
  const Result<events::Signature> old_proof = own.signer().sign(statement);
  const Result<events::Signature> new_proof = new_signer->sign(statement);
  if (!old_proof) return old_proof.error();
  if (!new_proof) return new_proof.error();
  request.old_proof = *old_proof;
  request.new_proof = *new_proof;
  return request;
}

Result<void> take_new_chain(Replica& replica, const protocol::Enrolled& enrolled) {
  const Result<std::optional<DeviceKey>> key = replica.store().next_key();
  if (!key) return key.error();
  const Identity& old = replica.identity();
  if (enrolled.server_key != old.server_key) {
    return Error{ErrorCode::unproved_server, "another key than the log's answers"};
  }
  if (!*key || enrolled.log != old.log || enrolled.chain == old.chain) {
    return Error{ErrorCode::malformed, "an answer to another request than that for a new chain"};
  }
  Result<Identity> identity = identity_from(enrolled, **key, old.label);
  if (!identity) return identity.error();
  StoreChange change;
  change.identity = std::move(*identity);
  change.branch = Branch{old.chain, 0, replica.own().head().seq, false};
  change.leave_chain = true;
  change.drop_foreign = true;
  change.pull = PullState{};
  change.next_key = DeviceKey{};
  ClientStore& store = replica.store();
  if (Result<void> kept = store.commit(change); !kept) return kept;
  Result<Replica> loaded =
      Replica::load(store, replica.overlay().own_events(), replica.newest_rules());
  if (!loaded) return loaded.error();
  replica = std::move(*loaded);
  return {};
}

Result<ContinuedBranches> continue_branches(Replica& replica, events::Timestamp now) {
  Result<std::vector<Branch>> branches = replica.store().branches();
  if (!branches) return branches.error();
  ContinuedBranches done;
  for (std::size_t index = 0; index < branches->size(); ++index) {
    Branch& branch = (*branches)[index];
    if (branch.continued) continue;
    const events::ChainNumber next = next_chain_of(*branches, index, replica.identity());
    const projections::Access& access = replica.overlay().confirmed().access();
    const projections::Device* const device = access.device_of(next);
    if (device == nullptr || device->continues != branch.chain) break;  // Not pulled yet.
    Continuation continuation(replica, now);
    if (Result<void> added = continuation.add(branch, device->common_seq); !added) {
      replica.forget();
      return added.error();
    }
    Result<void> kept = replica.keep(std::move(continuation.entries()), {}, branch);
    if (!kept) return kept.error();
    ++done.branches;
    done.events += continuation.recorded_again();
  }
  return done;
}

}  // namespace clients
