#include "tests/sim/device_audit.h"

#include "events/archive/compact.h"
#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace sim {

using events::Bytes;
using events::Position;
using events::UnitId;

events::ReaderScope expected_scope(const projections::State& state,
                                   const std::vector<events::PersonId>& persons, events::Day day) {
  std::set<UnitId> units{events::reference_scope};
  const projections::UnitsOnDay tree = state.units().on(day);
  for (const projections::Grant& grant : state.access().grants()) {
    const bool theirs = std::ranges::find(persons, grant.person) != persons.end();
    // A role ends with its unit (U8), also that of the head of a hamlet.
    if (!theirs || !grant.is_valid_on(day) || tree.is_closed(grant.unit)) continue;
    if (grant.unit.is_none()) {
      return {.whole_log = true, .units = {events::reference_scope}};
    }
    for (const projections::Unit& unit : state.units().all()) {
      if (!projections::is_commune_level(unit)) continue;
      const bool within = tree.lies_in(unit.id, grant.unit) || tree.lies_in(grant.unit, unit.id);
      if (within) units.insert(unit.id);
    }
  }
  return {.whole_log = false, .units = {units.begin(), units.end()}};
}

namespace {

/// Which part of two states differs, for a failure that can be read.
std::string difference(const projections::State& expected, const projections::State& found) {
  std::string parts;
  const auto compare = [&](const char* name, const auto& left, const auto& right) {
    if (events::encode(left) != events::encode(right)) parts += std::string(" ") + name;
  };
  if (expected.applied() != found.applied()) parts += " applied";
  compare("units", expected.units(), found.units());
  compare("access", expected.access(), found.access());
  compare("subjects", expected.subjects(), found.subjects());
  compare("rulebook", expected.rulebook(), found.rulebook());
  compare("dossiers", expected.dossiers(), found.dossiers());
  compare("documents", expected.documents(), found.documents());
  compare("inbox", expected.inbox(), found.inbox());
  compare("left_out", expected.left_out(), found.left_out());
  return parts;
}

/// The days on which the tree of units may have been another: the first one, and each on which a
/// unit began, was moved or ended.
std::set<events::Day> days_of_the_tree(const projections::State& state, events::Day first) {
  std::set<events::Day> days{first};
  for (const projections::Unit& unit : state.units().all()) {
    for (const projections::UnitVersion& version : unit.versions) days.insert(version.valid_from);
    if (unit.closed_from) days.insert(*unit.closed_from);
  }
  days.erase(days.begin(), days.lower_bound(first));
  return days;
}

/// Private records are with the author, with those who hold a role in the commune, and with nobody
/// else.
void audit_privates(const Device& device, const projections::State& state,
                    const events::StoredBlock& block, const std::set<events::Digest>& come_late) {
  const clients::Replica& replica = device.replica();
  // A snapshot stands for the block: of its records the names of people are still needed.
  const bool is_summed_up = block.last() <= replica.base_position().value_or(Position{});
  const std::vector<events::PersonId>& persons = replica.identity().persons;
  bool ever = block.chain == replica.identity().chain;
  bool always = ever;
  bool unchanged = true;
  // Who leads a hamlet that was moved has to do with its new commune, and with what that one had.
  const std::set<events::Day> days =
      days_of_the_tree(state, events::day_in_vietnam(block.received_at));
  for (const projections::Grant& grant : state.access().grants()) {
    if (std::ranges::find(persons, grant.person) == persons.end()) continue;
    if (grant.revoked_from) unchanged = false;
    std::size_t held_on = 0;
    for (const events::Day day : days) {
      const projections::UnitsOnDay tree = state.units().on(day);
      const UnitId commune = tree.commune_of(grant.unit);
      const bool of_commune = grant.role >= events::Role::proxy_entrant &&
                              grant.role <= events::Role::signer && block.scope.contains(commune) &&
                              !commune.is_none();
      const bool of_auditor =
          grant.role == events::Role::auditor &&
          (grant.unit.is_none() || std::ranges::any_of(block.scope.units(), [&](UnitId unit) {
             return !unit.is_none() && (unit == commune || tree.lies_in(unit, grant.unit));
           }));
      if (of_commune || of_auditor) ++held_on;
    }
    if (held_on != 0 && held_on != days.size()) unchanged = false;
    ever = ever || held_on != 0;
  }
  // Who loses a role loses the records of its commune, those typed here included; these do not come
  // again with the scope, since the pull leaves out the own chain.
  const projections::Device* const row = state.access().device_of(replica.identity().chain);
  const bool mine = block.chain == replica.identity().chain;
  const bool was_purged = row != nullptr && row->purged_as_of.value != 0;
  always = ever && unchanged && !(mine && was_purged);
  for (const events::StoredEvent& stored : *events::stored_events(block)) {
    const auto digest = events::private_digest_of(stored.event.payload);
    if (!digest) continue;
    const bool has = replica.store().private_record(*digest)->has_value();
    require(!has || ever, Promise::erasable,
            [&] { return device.name() + " holds a private record that is none of its business"; });
    const bool is_name = state.subjects().find(events::PersonId{stored.event.id()}) != nullptr ||
                         state.subjects().find(events::CollectiveId{stored.event.id()}) != nullptr;
    if (is_summed_up && !is_name) continue;
    // What a restored server lost and nobody gave back, it cannot show.
    const bool was_to_get = device.server_has(*digest) && !come_late.contains(*digest);
    require(has || !always || !was_to_get, Promise::erasable, [&] {
      return device.name() + " lacks the private record of event " + to_string(stored.event.id());
    });
  }
}

/// What a device keeps of a block is the block, or a live block that its proof would make it.
bool is_same_block(events::ByteView kept, const events::StoredBlock& block) {
  const Bytes whole = events::encode_stored_block(block);
  if (!events::is_kept_live_block(kept)) {
    auto read = events::is_kept_proved_block(kept) ? events::read_kept_proved_block(kept)
                                                   : events::unpack_stored_block(kept);
    // What the server owed it said again, word for word, when it was restored.  Restored once more
    // it may get either back: nothing but the epoch of the block tells them apart.
    const bool said_again = block.chain == events::system_chain && read &&
                            read->epoch != block.epoch && read->root_after == block.root_after;
    if (said_again) read->epoch = block.epoch;
    return read && events::encode_stored_block(*read) == whole;
  }
  const auto live = events::read_kept_live_block(kept);
  if (!live) return false;
  const auto proved = events::prove(*live, events::proof_of(block));
  return proved && events::encode_stored_block(*proved) == whole;
}

/// Nothing that can be read is left of blocks that are not for this device.
void audit_purged(const Device& device, const events::StoredBlock& block) {
  for (const events::StoredEvent& stored : *events::stored_events(block)) {
    const auto digest = events::private_digest_of(stored.event.payload);
    if (!digest) continue;
    require(!device.replica().store().private_record(*digest)->has_value(), Promise::erasable, [&] {
      return device.name() + " still holds the private record of event " +
             to_string(stored.event.id()) + " after it lost the scope";
    });
  }
}

}  // namespace

void audit_revoked(const Device& device, const LogAudit& audit) {
  const clients::Replica& replica = device.replica();
  const events::ChainNumber chain = replica.identity().chain;
  const auto found = audit.chains().find(chain);
  const std::size_t stored = found == audit.chains().end() ? 0 : found->second.size();
  require(stored == replica.own().head().seq, Promise::recorded,
          [&] { return device.name() + ": what a revoked device brought is not all in the log"; });
  for (const events::StoredBlock& block : audit.blocks()) audit_purged(device, block);
}

void audit_device(const Device& device, const LogAudit& audit, events::Timestamp now,
                  const std::set<events::Digest>& come_late) {
  const clients::Replica& replica = device.replica();
  const clients::OfflineLog& own = replica.own();
  const events::ChainNumber chain = replica.identity().chain;
  const auto describe = [&](const char* what) {
    return [&device, what] { return device.name() + ": " + what; };
  };

  // Its own chain, byte for byte.
  const auto found = audit.chains().find(chain);
  const std::size_t stored = found == audit.chains().end() ? 0 : found->second.size();
  require(stored == own.head().seq && own.head().seq >= device.kept(), Promise::recorded,
          describe("not every own event is in the log"));
  for (std::uint64_t seq = 1; seq <= own.head().seq; ++seq) {
    require(own.entry(seq).event.canonical == found->second[seq - 1], Promise::exactly_once,
            describe("the log holds other bytes for an own event"));
  }

  std::set<events::ChainNumber> typed_here{chain};  // Nobody granted these, so they may stay.
  bool has_open_branch = false;  // It still needs its records, until a newer program knows them.
  for (const clients::Branch& branch : *replica.store().branches()) {
    has_open_branch = has_open_branch || !branch.continued;
    typed_here.insert(branch.chain);
    require(branch.continued || device.has_unknown_kinds(), Promise::recorded,
            describe("what only this copy had was not recorded again"));
  }

  // What it may read, and nothing else.
  const events::ReaderScope scope =
      expected_scope(audit.state(), replica.identity().persons, events::day_in_vietnam(now));
  require(scope == replica.pull().scope, Promise::same_meaning,
          describe("the scope is not that of its people's roles"));
  std::map<Position, Bytes> theirs;
  for (clients::ForeignBlock& block : *replica.store().foreign_blocks()) {
    theirs.emplace(block.first, std::move(block.encoded));
  }
  for (const events::StoredBlock& block : audit.blocks()) {
    const bool mine = block.chain == chain;
    const bool visible = scope.includes(block.scope);
    if (!visible) {
      require(!theirs.contains(block.first), Promise::same_meaning,
              describe("it holds a block of another scope"));
    } else if (!mine) {
      const auto kept = theirs.find(block.first);
      const bool is_summed_up = block.last() <= replica.base_position().value_or(Position{});
      require(kept != theirs.end() || is_summed_up, Promise::same_meaning,
              describe("it lacks a block of its scope"));
      require(kept == theirs.end() || is_same_block(kept->second, block), Promise::same_meaning,
              describe("it holds a block otherwise than the log"));
    }
    theirs.erase(block.first);
    if (visible) audit_privates(device, audit.state(), block, come_late);
    const bool may_stay = has_open_branch || typed_here.contains(block.chain);
    if (!visible && !may_stay) audit_purged(device, block);
  }
  require(theirs.empty(), Promise::same_meaning, describe("it holds a block the log has not"));

  // The same meaning.
  projections::State expected = audit.state();
  expected.restrict_to(scope);
  const Bytes bytes = events::encode(expected);
  require(bytes == events::encode(replica.overlay().confirmed()), Promise::same_meaning, [&] {
    return device.name() + ": the confirmed state is not the restriction of the server's in" +
           difference(expected, replica.overlay().confirmed());
  });
  require(bytes == events::encode(replica.overlay().pending()), Promise::same_meaning, [&] {
    return device.name() + ": nothing is pending, and the pending state differs in" +
           difference(expected, replica.overlay().pending());
  });
}

bool audit_prefix(const Device& device, const events::MemoryEventLog& log) {
  const clients::Replica& replica = device.replica();
  // A block whose proof is still to come keeps those behind it from being folded.
  const Position upto = replica.overlay().confirmed().applied();
  require(upto == replica.pull().synced_upto || replica.is_unproved(Position{upto.value + 1}),
          Promise::same_meaning, [&] { return device.name() + " has not folded what is proved"; });
  // Who was revoked reads nothing, not even what everybody does.
  const events::ReaderScope& scope = replica.pull().scope;
  if (!scope.whole_log && scope.units.empty()) return false;
  const projections::State& confirmed = replica.overlay().confirmed();
  // The server left nothing out of a snapshot, so that it knows more than the device's own rules.
  if (replica.base_position() && confirmed.rulebook().is_beyond()) return false;
  projections::State expected;
  expected.hold_by(replica.newest_rules());
  Position after;
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  for (;;) {
    Position scanned_to;
    const std::optional<Bytes> encoded = *log.next_block(everything, after, &scanned_to);
    if (!encoded) break;
    const events::StoredBlock block = *events::decode_stored_block(*encoded);
    if (block.first > upto) break;
    for (const events::StoredEvent& stored : *events::stored_events(block)) {
      expected.apply(stored, block.scope);
    }
    after = block.last();
  }
  expected.advance(upto);
  expected.restrict_to(replica.pull().scope);
  require(events::encode(expected) == events::encode(replica.overlay().confirmed()),
          Promise::same_meaning, [&] {
            return device.name() + " at position " + std::to_string(upto.value) +
                   ": the confirmed state is not the restriction of the prefix in" +
                   difference(expected, replica.overlay().confirmed());
          });
  return !expected.left_out().empty();
}

}  // namespace sim
