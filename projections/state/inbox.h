#pragma once

#include "events/log/scope.h"
#include "projections/policy/policy.h"
#include "projections/state/held_event.h"
#include "projections/state/projection.h"
#include "projections/state/shared_map.h"
#include "projections/state/sight.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace projections {

/// Events that are held, by position.  Knows when each takes effect.
///
/// State: each event as its bytes, with what is needed to find it; one costs some 600 bytes, and is
///        taken apart when somebody asks for it.  Copies share what neither has changed since.
class Inbox {
 public:
  static constexpr const char* name = "inbox";
  static constexpr std::uint32_t revision = 2;

  /// Enters a held event.
  /// Expects: positions ascend.
  void hold(const events::StoredEvent& stored, const events::ScopeSet& scope);
  /// Takes a held event out: it was released or refused.  Nothing when it is not held.
  std::optional<HeldEvent> take(events::Position position);
  /// Gives a held event another held verdict, at `at`.
  void change(events::Position position, const events::Verdict& verdict, events::Timestamp at);
  /// The log's times ran ahead and go on from `now`: nothing waits since a later time.
  void correct_clock(events::Timestamp now);
  /// Under new rules: kinds and schemas that the rules before did not know may be judged now.
  void reconsider_unknown(const Policy& policy);
  void restrict_to(const events::ReaderScope& reader);

  bool contains(events::Position position) const { return places_.contains(place_of(position)); }
  HeldEventPtr find(events::Position position) const;
  /// The held event with that id, in sight; null for none.
  HeldEventPtr find(events::EventId id, const Sight& sight) const;
  /// The held event with that id, whatever its scope; null for none.
  HeldEventPtr find_anywhere(events::EventId id) const;
  /// The last held event of a chain on a stream with a seq below `seq`, in sight; null for
  /// none.
  HeldEventPtr last_before(events::ChainNumber chain, const events::StreamId& stream,
                           std::uint64_t seq, const Sight& sight) const;

  /// The first event whose cause of waiting is gone: what it depended on is not held any more, or
  /// its kind became known; null for none.
  HeldEventPtr first_ready() const;
  /// The event whose deadline is the earliest, of several the first in the log; null for none.
  HeldEventPtr first_with_deadline() const;
  /// Of first_with_deadline(), see deadline_of().
  std::optional<events::Timestamp> next_deadline() const;

  std::size_t size() const { return size_; }
  /// Cost:   takes every event apart.
  std::map<events::Position, HeldEvent> all() const;

  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{size()});
    for_each_held([&](const PackedHeldEvent& packed) { archive(packed.unpack()); });
  }
  template <class Archive>
  void load(Archive& archive) {
    *this = Inbox{};
    const std::size_t count = archive.read_length(~std::size_t{0});
    for (std::size_t index = 0; index < count; ++index) {
      HeldEvent held;
      archive(held);
      places_.insert(place_of(held.position), PackedHeldEvent(held));
    }
    size_ = count;
    index();
  }

 private:
  /// The events themselves, and the orders in which they are found.
  enum class Order : std::uint8_t {
    held,         ///< none; the only one that is saved, the others are derived from it
    by_id,        ///< id
    waiting_for,  ///< the id of the blocker
    by_stream,    ///< chain, kind of the stream, its id
    ready,        ///< none: what they waited for is over
    deadline,     ///< the moment
  };
  /// An event's place in an order: the order, up to three parts of a key, its position.
  using Place = std::array<std::uint64_t, 5>;
  static Place place_of(events::Position position) { return place_in(Order::held, {}, position); }
  static Place place_in(Order order, std::array<std::uint64_t, 3> key, events::Position position);
  static Place place_on(events::ChainNumber chain, const events::StreamId& stream,
                        events::Position position);
  /// The first place of an order with a key that begins with `key`; null for none.
  const Place* first_in(Order order, std::uint64_t key = 0) const;

  bool is_held(events::EventId id) const;
  template <class Visit>
  void for_each_held(Visit visit) const {
    std::size_t left = size_;
    for (const auto* entry = places_.first(); left > 0; --left) {
      visit(entry->value);
      entry = places_.after(entry->key);
    }
  }
  /// Derives the orders anew.
  void index();
  void enter(const HeldEvent& event);
  void leave(const HeldEvent& event);

  /// All of them in one map, of which a page carries the code once.  Only the places of `held` have
  /// a value.
  SharedMap<Place, PackedHeldEvent> places_;
  std::size_t size_ = 0;
};

}  // namespace projections
