#pragma once

#include "projections/state/entity_table.h"
#include "projections/state/projection.h"

namespace projections {

struct Criteria {
  events::CriteriaId id;
  events::CriteriaPublished content;

  std::uint64_t key() const { return id.key(); }
  /// Null when the set has no variant for the group.
  const events::GroupVariant* variant_of(events::GroupCode group) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(id);
    content.serialize(archive, 1);
  }
};

struct Cycle {
  events::CycleId id;
  events::CycleOpened content;

  std::uint64_t key() const { return id.key(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id);
    content.serialize(archive, 1);
  }
};

/// Published criteria, open cycles and the version of the judging rules.  All reference scope.
class Rulebook {
 public:
  static constexpr const char* name = "rulebook";
  static constexpr std::uint32_t revision = 2;

  void apply(const EffectiveEvent& effective);
  void restrict_to(const events::ReaderScope& /*reader*/) {}

  const Criteria* find(events::CriteriaId id) const { return criteria_.find(id.key()); }
  const Cycle* find(events::CycleId id) const { return cycles_.find(id.key()); }
  /// The version that events are judged under from here on; 1 before any RulesAdopted.
  events::RulesVersion rules() const { return rules_; }
  /// How far the log was repaired when it was last restored; 0: it never was.  A device may have
  /// seen more of the log that was lost; of this one it has seen so much.
  events::Position repaired_to() const { return repaired_to_; }
  /// The highest version published under `code`, 0 for none.
  std::uint32_t latest_version(const std::string& code) const;

  const EntityTable<Criteria>& criteria() const { return criteria_; }
  const EntityTable<Cycle>& cycles() const { return cycles_; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(rules_, repaired_to_, criteria_, cycles_);
  }

 private:
  events::RulesVersion rules_{1};
  events::Position repaired_to_;
  EntityTable<Criteria> criteria_;
  EntityTable<Cycle> cycles_;
};

}  // namespace projections
