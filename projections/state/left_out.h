#pragma once

#include "events/log/scope.h"
#include "projections/state/projection.h"
#include "projections/state/rulebook.h"

#include <map>

namespace projections {

/// What this build could not fold, because a newer one wrote it: kinds and fields that it does not
/// know, and steps that newer rules take otherwise.  Empty on the server, whose build is never
/// older than its log.
///
/// State: for each stream on which something was left out, where that began.
class LeftOut {
 public:
  static constexpr const char* name = "left_out";
  static constexpr std::uint32_t revision = 1;

  /// Notes the stream of an effective event that `rulebook` cannot take in whole.
  void apply(const EffectiveEvent& effective, const events::ScopeSet& scope,
             const Rulebook& rulebook);
  void restrict_to(const events::ReaderScope& reader);

  /// Where the first event on the stream was left out; 0: none was.
  events::Position since(const events::StreamId& stream) const;
  /// How many dossiers are not shown as they are.
  std::size_t dossiers() const;
  bool empty() const { return streams_.empty(); }

  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{streams_.size()});
    for (const auto& [stream, place] : streams_) archive(stream, place.since, place.scope);
  }
  template <class Archive>
  void load(Archive& archive) {
    streams_.clear();
    const std::size_t count = archive.read_length(~std::size_t{0});
    for (std::size_t index = 0; index < count; ++index) {
      events::StreamId stream;
      Place place;
      archive(stream, place.since, place.scope);
      streams_.insert_or_assign(stream, place);
    }
  }

 private:
  struct Place {
    events::Position since;
    events::ScopeSet scope;
  };

  std::map<events::StreamId, Place> streams_;
};

}  // namespace projections
