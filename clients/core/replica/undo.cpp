#include "clients/core/replica/undo.h"

#include "events/base/check.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace clients {

using events::Result;

namespace {

/// What events name that lies beside the log.
struct Named {
  std::set<events::Digest> records;
  std::set<events::Digest> files;

  void note(const events::Event& event) {
    if (const auto digest = events::private_digest_of(event.payload)) records.insert(*digest);
    if (const auto* attached = std::get_if<events::EvidenceAttached>(&event.payload)) {
      files.insert(attached->original.sha256);
      if (attached->thumbnail) files.insert(attached->thumbnail->sha256);
    }
  }
};

/// What is named by all events here but the own ones behind `upto`.
Result<Named> named_by_others(const Replica& replica, std::uint64_t upto) {
  Named named;
  const auto visit = [&](const events::StoredEvent& stored, const events::ScopeSet& /*scope*/) {
    named.note(stored.event);
  };
  const events::Position everything{~std::uint64_t{0}};
  if (Result<void> read = replica.replay(events::Position{}, everything, visit); !read) {
    return read.error();
  }
  for (std::uint64_t seq = replica.own().verdicts_known() + 1; seq <= upto; ++seq) {
    named.note(replica.own().entry(seq).event);
  }
  const Result<std::vector<Branch>> branches = replica.store().branches();
  if (!branches) return branches.error();
  for (const Branch& branch : *branches) {
    const Result<std::vector<OwnEvent>> left = replica.store().branch_events(branch.chain);
    if (!left) return left.error();
    for (const OwnEvent& own : *left) {
      const Result<events::Event> event = events::read_event(own.canonical);
      if (!event) return event.error();
      named.note(*event);
    }
  }
  return named;
}

}  // namespace

Result<std::vector<OwnAct>> acts_to_undo(const Replica& replica) {
  std::vector<OwnAct> acts;
  const Result<std::optional<DeviceKey>> asked = replica.store().next_key();
  if (!asked) return asked.error();
  if (*asked && **asked != replica.identity().key()) return acts;

  const OfflineLog& own = replica.own();
  const std::uint64_t left_upto = std::max(own.sent_upto(), own.verdicts_known());
  for (std::uint64_t last = own.head().seq; last > left_upto;) {
    const std::uint64_t first = own.first_of_act(last);
    // An act of which a part has left the device has left it.
    if (first <= left_upto) break;
    bool is_typed = true;
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      const events::Payload& payload = own.entry(seq).event.payload;
      if (std::holds_alternative<events::BranchContinued>(payload)) is_typed = false;
    }
    if (!is_typed) break;
    acts.push_back({first, last});
    last = first - 1;
  }
  return acts;
}

Result<void> undo(Replica& replica, FileStore& files, const OwnAct& act) {
  CHECK(act.last_seq == replica.own().head().seq, "only the end of a chain is taken back");
  CHECK(act.first_seq > replica.own().sent_upto(), "what was cut for sending is not taken back");
  const std::uint64_t upto = act.first_seq - 1;
  Result<Named> others = named_by_others(replica, upto);
  if (!others) return others.error();
  Named undone;
  for (std::uint64_t seq = act.first_seq; seq <= act.last_seq; ++seq) {
    undone.note(replica.own().entry(seq).event);
  }
  StoreChange change;
  change.own_upto = upto;
  events::ranges::set_difference(undone.records, others->records,
                                 std::back_inserter(change.erased));
  ClientStore& store = replica.store();
  if (Result<void> kept = store.commit(change); !kept) return kept;

  const bool hidden = replica.hides_privates();
  Result<Replica> loaded =
      Replica::load(store, replica.overlay().own_events(), replica.newest_rules());
  if (!loaded) return loaded.error();
  replica = std::move(*loaded);
  replica.hide_privates(hidden);
  for (const events::Digest& file : undone.files) {
    if (others->files.contains(file)) continue;
    if (Result<void> erased = files.erase(file); !erased) return erased;
  }
  return {};
}

}  // namespace clients
