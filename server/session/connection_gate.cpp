#include "server/session/connection_gate.h"

#include <algorithm>
#include <utility>

namespace server {
namespace {

constexpr std::chrono::minutes window{1};

}  // namespace

ConnectionGate::Answer ConnectionGate::enter(std::uint64_t number, const PeerAddress& address,
                                             Cut cut) {
  Cut make_room;
  {
    const std::scoped_lock lock(mutex_);
    const auto count = of_address_.find(address);
    const bool is_crowd = !address.is_proxy() && count != of_address_.end() &&
                          count->second >= limits_.strangers_of_one();
    const bool is_full = strangers_.size() >= limits_.strangers() ||
                         strangers_.size() + known_.size() >= limits_.all;
    if (is_full && strangers_.empty()) return Answer::full;
    if (is_crowd) {
      make_room = push_out(std::ranges::find(strangers_, address, &Stranger::address));
    } else if (is_full) {
      make_room = push_out(strangers_.begin());
    }
    const auto place = strangers_.insert(strangers_.end(), {number, address, std::move(cut)});
    places_.emplace(number, place);
    ++of_address_[address];
  }
  if (make_room) make_room();
  return Answer::enter;
}

ConnectionGate::Cut ConnectionGate::push_out(Strangers::iterator stranger) {
  Cut cut = std::move(stranger->cut);
  forget(stranger);
  return cut;
}

void ConnectionGate::forget(Strangers::iterator stranger) {
  const auto count = of_address_.find(stranger->address);
  if (--count->second == 0) of_address_.erase(count);
  places_.erase(stranger->number);
  strangers_.erase(stranger);
}

void ConnectionGate::prove(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  const auto place = places_.find(number);
  if (place == places_.end()) return;
  known_.emplace(number, place->second->address);
  forget(place->second);
}

void ConnectionGate::leave(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  known_.erase(number);
  const auto place = places_.find(number);
  if (place != places_.end()) forget(place->second);
}

ConnectionGate::Clock::duration ConnectionGate::fail(const PeerAddress& address, bool is_code,
                                                     Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  const auto count = [now](Failures& failures, std::size_t free) {
    // Whoever goes on after a pause is not forgiven by it: what was counted halves each minute.
    for (; failures.count > 0 && now - failures.since >= window; failures.since += window) {
      failures.count /= 2;
    }
    if (failures.count == 0) failures.since = now;
    ++failures.count;
    return failures.count > free ? failures.count - free : 0;
  };
  std::size_t beyond = 0;
  if (is_code) beyond = count(wrong_codes_, free_codes);
  if (address.is_proxy()) return pause_for(beyond);
  if (failures_.size() >= addresses_max && !failures_.contains(address)) {
    std::erase_if(failures_, [now](const auto& row) { return now - row.second.since >= window; });
    // A crowd of that many addresses: they wait as the one would that failed most often.
    if (failures_.size() >= addresses_max) return pause_max;
  }
  beyond = std::max(beyond, count(failures_[address], free_failures));
  return pause_for(beyond);
}

ConnectionGate::Clock::duration ConnectionGate::pause_for(std::size_t beyond) {
  if (beyond == 0) return Clock::duration::zero();
  constexpr std::size_t doublings_max = 5;
  const std::chrono::seconds pause{1 << std::min(beyond - 1, doublings_max)};
  return std::min(pause, pause_max);
}

std::size_t ConnectionGate::strangers() const {
  const std::scoped_lock lock(mutex_);
  return strangers_.size();
}

std::size_t ConnectionGate::known() const {
  const std::scoped_lock lock(mutex_);
  return known_.size();
}

}  // namespace server
