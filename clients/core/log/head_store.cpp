#include "clients/core/log/head_store.h"

#include "clients/core/log/settings.h"
#include "events/base/ranges.h"

#include <algorithm>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::protocol::HeadClaim;
using events::protocol::HeadEvidence;
using Settings = std::vector<std::pair<std::string, std::string>>;

struct KeptHeads {
  std::vector<HeadEvidence> heads;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(events::bounded<HeadStore::epochs_max>(heads));
  }
};
struct KeptAlarms {
  std::vector<LogAlarm> alarms;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(events::bounded<HeadStore::alarms_max>(alarms));
  }
};

Result<HeadStore> HeadStore::load(const ClientStore& store) {
  const Result<std::optional<KeptHeads>> heads = read_setting(store, settings::signed_heads);
  if (!heads) return heads.error();
  Result<std::optional<KeptAlarms>> alarms = read_setting(store, settings::log_alarms);
  if (!alarms) return alarms.error();
  HeadStore book;
  if (*heads) {
    for (const HeadEvidence& evidence : (*heads)->heads) {
      const Result<HeadClaim> claim = events::protocol::read_claim(evidence.statement);
      if (!claim) return Error{ErrorCode::storage_corrupt, claim.error().message};
      book.take(evidence, *claim);
    }
  }
  if (*alarms) book.alarms_ = std::move((*alarms)->alarms);
  return book;
}

bool HeadStore::is_forked(const HeadClaim& claim) const {
  return events::ranges::any_of(heads_, [&](const Entry& known) {
    return known.claim.epoch == claim.epoch && known.claim.position == claim.position &&
           known.claim.root != claim.root;
  });
}

bool HeadStore::has_gone_back(events::Epoch epoch, events::Position head) const {
  const auto was_further = [&](const Entry& known) {
    return known.claim.epoch == epoch && known.claim.position > head;
  };
  // A log that was set back without saying so goes on in an epoch that is over.
  const bool is_of_the_past = !heads_.empty() && epoch < heads_.back().claim.epoch;
  return is_of_the_past || events::ranges::any_of(heads_, was_further);
}

const HeadEvidence* HeadStore::newest() const {
  return heads_.empty() ? nullptr : &heads_.back().evidence;
}

std::optional<HeadClaim> HeadStore::newest_claim() const {
  if (heads_.empty()) return std::nullopt;
  return heads_.back().claim;
}

const HeadEvidence* HeadStore::of_epoch(events::Epoch epoch) const {
  const auto known =
      events::ranges::find(heads_, epoch, [](const Entry& e) { return e.claim.epoch; });
  return known == heads_.end() ? nullptr : &known->evidence;
}

bool HeadStore::is_news(const HeadClaim& claim) const {
  const auto known =
      events::ranges::find(heads_, claim.epoch, [](const Entry& e) { return e.claim.epoch; });
  return known == heads_.end() ? heads_.size() < epochs_max
                               : known->claim.position < claim.position;
}

Settings HeadStore::with(const HeadEvidence& evidence, const HeadClaim& claim) const {
  if (!is_news(claim)) return {};
  HeadStore next = *this;
  next.take(evidence, claim);
  KeptHeads kept;
  for (const Entry& entry : next.heads_) kept.heads.push_back(entry.evidence);
  StoreChange change;
  write_setting(change, settings::signed_heads, kept);
  return change.settings;
}

void HeadStore::take(const HeadEvidence& evidence, const HeadClaim& claim) {
  if (!is_news(claim)) return;
  std::erase_if(heads_, [&](const Entry& entry) { return entry.claim.epoch == claim.epoch; });
  heads_.push_back({evidence, claim});
  events::ranges::sort(heads_, {}, [](const Entry& entry) { return entry.claim.epoch; });
}

bool HeadStore::is_known(const LogAlarm& alarm) const {
  const auto says_the_same = [&](const LogAlarm& other) {
    // Each connection that says it again is signed anew.
    const bool says_it_each_time =
        alarm.kind == AlarmKind::rolled_back || alarm.kind == AlarmKind::disowned;
    return other.kind == alarm.kind && other.before == alarm.before &&
           (other.now == alarm.now || says_it_each_time);
  };
  return alarms_.size() >= alarms_max || events::ranges::any_of(alarms_, says_the_same);
}

Settings HeadStore::with(const LogAlarm& alarm) const {
  if (is_known(alarm)) return {};
  KeptAlarms kept{alarms_};
  kept.alarms.push_back(alarm);
  StoreChange change;
  write_setting(change, settings::log_alarms, kept);
  return change.settings;
}

void HeadStore::take(const LogAlarm& alarm) {
  if (!is_known(alarm)) alarms_.push_back(alarm);
}

}  // namespace clients
