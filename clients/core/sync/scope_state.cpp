#include "clients/core/sync/scope_state.h"

#include "clients/core/files/file_sweep.h"
#include "clients/core/log/server_time.h"
#include "clients/core/log/settings.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::UnitId;
namespace protocol = events::protocol;

namespace {

/// Reads the setting into `value`, which stays when there is none.
template <class T>
Result<void> load_into(std::optional<T>& value, const ClientStore& store,
                       const PackedSetting<T>& setting) {
  Result<std::optional<T>> read = read_setting(store, setting);
  if (!read) return read.error();
  value = std::move(*read);
  return {};
}

template <class T>
void write_or_clear(StoreChange& change, const PackedSetting<T>& setting,
                    const std::optional<T>& value) {
  if (value) {
    write_setting(change, setting, *value);
  } else {
    clear_setting(change, setting);
  }
}

bool may_read(const protocol::ScopeGrant& grant, UnitId home) {
  if (grant.revoked) return false;
  if (grant.private_access.everywhere || home == events::reference_scope) return true;
  return events::ranges::binary_search(grant.private_access.communes, home);
}

}  // namespace

Result<ScopeState> ScopeState::load(Replica& replica) {
  ScopeState scope_state(replica);
  const ClientStore& store = replica.store();
  Result<void> loaded = load_into(scope_state.grant_, store, settings::scope_grant);
  if (loaded) loaded = load_into(scope_state.due_, store, settings::purge_due);
  if (loaded) loaded = load_into(scope_state.receipt_, store, settings::purge_receipt);
  if (!loaded) return loaded.error();
  return scope_state;
}

void ScopeState::greet(protocol::Hello& hello, events::Timestamp now) const {
  hello.features |= protocol::feature_scope_grants;
  if (!grant_) {
    hello.scope_digest = 0;
    hello.features |= protocol::feature_renew_lease;
    return;
  }
  // An answer by bundle may have begun the pull anew in the scope of an earlier day.
  const bool is_of_pull = grant_->scope == replica_->pull().scope;
  hello.scope_digest =
      is_of_pull ? protocol::access_digest_of(grant_->scope, grant_->private_access) : 0;
  const std::uint64_t length = grant_->valid_until.value - grant_->granted_at.value;
  const std::uint64_t left = grant_->valid_until > now ? grant_->valid_until.value - now.value : 0;
  // A clock that stands wrong asks too often rather than never.
  if (left * 3 < length * 2 || left > length) hello.features |= protocol::feature_renew_lease;
}

Result<void> ScopeState::before_restart(const events::ReaderScope& scope, events::Timestamp now) {
  if (files_ != nullptr) {
    const auto stays = [&](UnitId commune, bool is_own) {
      return scope.includes(events::ScopeSet{commune}) && may_hold(commune, is_own);
    };
    if (Result<void> swept = clients::sweep_files(*replica_, *files_, stays, now); !swept) {
      return swept;
    }
  }
  const std::vector<Position> outside = replica_->foreign_outside(scope);
  // Nothing was dropped, or a crash came between the note and the drop: then the note stands.
  if (outside.empty()) return {};
  PurgeDue due = due_.value_or(PurgeDue{});
  due.blocks = outside.size();
  due.removed = protocol::removed_digest(outside);
  StoreChange change;
  write_setting(change, settings::purge_due, due);
  if (Result<void> kept = replica_->store().commit(change); !kept) return kept;
  due_ = due;
  return {};
}

Result<std::vector<UnitId>> ScopeState::lost_homes(
    const std::optional<protocol::ScopeGrant>& before) const {
  Result<std::vector<UnitId>> homes = replica_->store().private_homes();
  if (!homes) return homes;
  // What people without a right to read it typed here themselves was never granted: it stays.
  const auto is_lost = [&](UnitId home) {
    if (grant_->revoked) return true;
    return before && may_read(*before, home) && !may_read(*grant_, home);
  };
  const bool loses = events::ranges::any_of(*homes, is_lost);
  std::erase_if(*homes, [&](UnitId home) {
    // Nobody knows whose these are; they come again with the pull.
    if (home == unknown_home) return !loses;
    return !is_lost(home);
  });
  return homes;
}

bool ScopeState::may_hold(UnitId commune, bool is_own) const {
  return is_own || !grant_ || may_read(*grant_, commune);
}

Result<void> ScopeState::sweep_files(events::Timestamp now) {
  if (files_ == nullptr) return {};
  const auto stays = [this](UnitId commune, bool is_own) { return may_hold(commune, is_own); };
  return clients::sweep_files(*replica_, *files_, stays, now);
}

Result<void> ScopeState::destroy_files(const std::vector<UnitId>& lost, events::Timestamp now) {
  if (files_ == nullptr) return {};
  if (grant_->revoked) return erase_all_files(*files_);
  if (lost.empty()) return {};
  const auto stays = [&](UnitId commune, bool is_own) {
    return events::ranges::count(lost, commune) == 0 && may_hold(commune, is_own);
  };
  return clients::sweep_files(*replica_, *files_, stays, now);
}

bool ScopeState::is_overtaken(const protocol::ScopeGrant& grant,
                              events::Timestamp server_time) const {
  if (!grant_ || grant.granted_at >= grant_->granted_at) return false;
  // Not by position alone: a server that was restored from a backup begins below.
  if (grant.as_of > grant_->as_of) return false;
  // What was granted by a clock that ran ahead does not outlive it.
  return grant_->granted_at < server_time || are_close(grant_->granted_at, server_time);
}

Result<void> ScopeState::take(const protocol::ScopeGrant& grant, events::Timestamp server_time,
                              events::Timestamp now) {
  const Identity& identity = replica_->identity();
  if (grant.log != identity.log || grant.chain != identity.chain) {
    return Error{ErrorCode::wrong_log, "a grant for another device"};
  }
  if (grant.valid_until < grant.granted_at) {
    return Error{ErrorCode::malformed, "a lease that ends before it begins"};
  }
  if (!events::verify(identity.server_key, protocol::scope_grant_statement(grant),
                      grant.signature)) {
    return Error{ErrorCode::bad_signature, "a grant that the server did not sign"};
  }
  const bool is_short = grant.valid_until.value - grant.granted_at.value <= lease_max;
  if (!is_short || !are_close(grant.granted_at, server_time)) {
    return Error{ErrorCode::server_clock,
                 "a grant of another time than the server says, or for "
                 "longer than any lease"};
  }
  if (is_overtaken(grant, server_time)) return {};

  const std::optional<protocol::ScopeGrant> before = std::exchange(grant_, grant);
  const Result<std::vector<UnitId>> lost = lost_homes(before);
  if (!lost) {
    grant_ = before;
    return lost.error();
  }
  if (Result<void> destroyed = destroy_files(*lost, now); !destroyed) {
    grant_ = before;
    return destroyed;
  }
  std::optional<PurgeDue> due = due_;
  if (due || !lost->empty() || (grant.revoked && !(before && before->revoked))) {
    if (!due) due = PurgeDue{{}, 0, protocol::removed_digest({}), {}};
    due->as_of = grant.as_of;
    for (const UnitId unit : *lost) {
      if (events::ranges::count(due->units, unit) == 0) due->units.push_back(unit);
    }
    // A commune that came back before it was destroyed may stay.
    std::erase_if(due->units, [&](UnitId unit) { return may_read(grant, unit); });
  }
  StoreChange change;
  write_setting(change, settings::scope_grant, *grant_);
  write_or_clear(change, settings::purge_due, due);
  if (Result<void> kept = replica_->store().commit(change); !kept) {
    grant_ = before;
    return kept;
  }
  due_ = due;
  return {};
}

bool ScopeState::log_knows_receipt() const {
  const auto* const device =
      replica_->overlay().confirmed().access().device_of(replica_->identity().chain);
  return device != nullptr && receipt_ && device->purged_as_of >= receipt_->as_of;
}

Result<events::Signature> ScopeState::signature_of(const protocol::Purged& receipt) const {
  return replica_->own().signer().sign(protocol::purged_statement(receipt));
}

Result<std::optional<protocol::Purged>> ScopeState::settle() {
  using Answer = std::optional<protocol::Purged>;
  const std::uint64_t head = replica_->own().head().seq;
  // With the receipt the events may be pushed again without the records, to a server that lost
  // them.
  const bool all_delivered = replica_->own().verdicts_known() == head &&
                             replica_->receipt_store().covers(replica_->identity().chain) >= head;
  const Result<std::vector<Branch>> branches = replica_->store().branches();
  if (!branches) return branches.error();
  // What only this copy of a device has must be recorded again first, with its private records; a
  // revoked one gets no chain for it.
  const bool has_open_branch =
      grant_ && !grant_->revoked &&
      events::ranges::any_of(*branches, [](const Branch& branch) { return !branch.continued; });
  if (due_ && due_->as_of.value != 0 && grant_ && all_delivered && !has_open_branch) {
    protocol::Purged receipt;
    receipt.log = replica_->identity().log;
    receipt.chain = replica_->identity().chain;
    receipt.as_of = due_->as_of;
    receipt.blocks = due_->blocks;
    receipt.removed = due_->removed;
    receipt.units = due_->units;
    if (receipt.units.size() > protocol::purged_units_max) {
      receipt.units.resize(protocol::purged_units_max);
    }
    const Result<events::Signature> signature = signature_of(receipt);
    if (!signature) return signature.error();
    receipt.signature = *signature;
    // The receipt is written together with what it says was done.
    StoreChange change;
    change.purged_homes = due_->units;
    clear_setting(change, settings::purge_due);
    write_setting(change, settings::purge_receipt, receipt);
    if (Result<void> kept = replica_->store().commit(change); !kept) return kept.error();
    due_.reset();
    receipt_ = std::move(receipt);
    receipt_sent_ = false;
  }
  if (!receipt_) return Answer{};
  if (receipt_->chain != replica_->identity().chain) {
    // The device goes on with another chain since: that one says it.
    protocol::Purged receipt = *receipt_;
    receipt.chain = replica_->identity().chain;
    const Result<events::Signature> signature = signature_of(receipt);
    if (!signature) return signature.error();
    receipt.signature = *signature;
    receipt_ = std::move(receipt);
  }
  if (log_knows_receipt()) {
    StoreChange change;
    clear_setting(change, settings::purge_receipt);
    if (Result<void> kept = replica_->store().commit(change); !kept) return kept.error();
    receipt_.reset();
    return Answer{};
  }
  if (std::exchange(receipt_sent_, true)) return Answer{};
  return Answer(*receipt_);
}

bool ScopeState::lease_is_over(events::Timestamp now, events::Timestamp last_contact) const {
  if (!grant_) return false;
  return grant_->revoked || std::max(now, last_contact) > grant_->valid_until;
}

}  // namespace clients
