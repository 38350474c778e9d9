#pragma once

#include "projections/state/entity_table.h"
#include "projections/state/projection.h"
#include "projections/state/units.h"

namespace projections {

/// A citizen or officer, without anything that identifies.
struct Person {
  events::PersonId id;
  events::UnitId home_unit;
  events::UnitId scope;  ///< The commune of `home_unit` when introduced; none = reference.
  events::CollectiveId household;
  events::Gender gender{};
  events::AgeBand age_band{};

  std::uint64_t key() const { return id.key(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, home_unit, scope, household, gender, age_band);
  }
};

struct Collective {
  events::CollectiveId id;
  events::UnitId home_unit;
  events::UnitId scope;
  events::CollectiveKind kind{};
  events::PersonId head;
  std::uint32_t member_count{};

  std::uint64_t key() const { return id.key(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, home_unit, scope, kind, head, member_count);
  }
};

/// People and collectives.  Scope: the commune each was introduced in.
class Subjects {
 public:
  static constexpr const char* name = "subjects";
  static constexpr std::uint32_t revision = 1;

  /// `scope`: the commune the event belongs to, see scope_of(); it stays the subject's.
  void apply(const EffectiveEvent& effective, events::UnitId scope);
  void restrict_to(const events::ReaderScope& reader);

  const Person* find(events::PersonId id) const { return persons_.find(id.key()); }
  const Collective* find(events::CollectiveId id) const { return collectives_.find(id.key()); }
  const EntityTable<Person>& persons() const { return persons_; }
  const EntityTable<Collective>& collectives() const { return collectives_; }

  auto vectors() { return std::tuple_cat(persons_.vectors(), collectives_.vectors()); }
  auto vectors() const { return std::tuple_cat(persons_.vectors(), collectives_.vectors()); }
  void rebuild() {
    persons_.rebuild();
    collectives_.rebuild();
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(persons_, collectives_);
  }

 private:
  EntityTable<Person> persons_;
  EntityTable<Collective> collectives_;
};

}  // namespace projections
