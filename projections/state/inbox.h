#pragma once

#include "events/log/scope.h"
#include "projections/state/held_event.h"
#include "projections/state/projection.h"
#include "projections/state/sight.h"

#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace projections {

/// Events that are held, by position.  Knows when each takes effect.
///
/// State: each event as its bytes, with what is needed to find it; one costs some 350 bytes, and is
///        taken apart when somebody asks for it.
class Inbox {
 public:
  static constexpr const char* name = "inbox";
  static constexpr std::uint32_t revision = 1;

  /// Enters a held event.
  /// Expects: positions ascend.
  void hold(const events::StoredEvent& stored, const events::ScopeSet& scope);
  /// Takes a held event out: it was released or refused.  Nothing when it is not held.
  std::optional<HeldEvent> take(events::Position position);
  /// Gives a held event another held verdict.
  void change(events::Position position, const events::Verdict& verdict);
  /// Under new rules: kinds that older builds did not know and this one does may be judged now.
  void reconsider_unknown();
  void restrict_to(const events::ReaderScope& reader);

  bool contains(events::Position position) const { return held_.contains(position); }
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

  std::size_t size() const { return held_.size(); }
  /// Cost:   takes every event apart.
  std::map<events::Position, HeldEvent> all() const;

  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{held_.size()});
    for (const auto& [position, packed] : held_) archive(packed.unpack());
  }
  template <class Archive>
  void load(Archive& archive) {
    held_.clear();
    const std::size_t count = archive.read_length(~std::size_t{0});
    for (std::size_t index = 0; index < count; ++index) {
      HeldEvent held;
      archive(held);
      held_.insert_or_assign(held.position, PackedHeldEvent(held));
    }
    index();
  }

 private:
  using OnStream = std::tuple<events::ChainNumber, events::StreamId, events::Position>;

  void index();
  void enter(const HeldEvent& held);
  void leave(const HeldEvent& held);

  std::map<events::Position, PackedHeldEvent> held_;
  // Derived from `held_`, not saved:
  std::map<events::EventId, events::Position> by_id_;
  std::multimap<events::EventId, events::Position> waiting_for_;  ///< Blocker → who depends on it.
  std::set<OnStream> by_stream_;
  std::set<events::Position> ready_;  ///< What they waited for is over.
};

}  // namespace projections
