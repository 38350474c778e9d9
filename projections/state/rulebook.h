#pragma once

#include "projections/policy/policy.h"
#include "projections/state/entity_table.h"
#include "projections/state/projection.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace projections {

/// What an event published.  Written again it has the event's own schema and bytes, also where a
/// newer build added fields behind those that this one knows.
template <class IdOf, class Content>
struct Published {
  IdOf id;
  Content content;            ///< As far as this build knows the fields.
  std::uint32_t schema = 1;   ///< Of the event.
  events::Bytes beyond = {};  ///< The fields that a newer schema added.

  std::uint64_t key() const { return id.key(); }

  void save(events::CompactOutput& archive) const {
    Content known = content;  // serialize() reads and writes.
    events::Bytes fields;
    events::CompactOutput fields_archive(fields);
    known.serialize(fields_archive, std::min(schema, Content::schema));
    fields.insert(fields.end(), beyond.begin(), beyond.end());
    archive(id, schema, events::bounded<events::event_bytes_max>(fields));
  }
  void load(events::CompactInput& archive) {
    events::Bytes fields;
    archive(id, schema, events::bounded<events::event_bytes_max>(fields));
    events::CompactInput fields_archive(fields);
    content.serialize(fields_archive, std::min(schema, Content::schema));
    beyond.assign(fields_archive.rest().begin(), fields_archive.rest().end());
    archive.expect(schema > Content::schema || beyond.empty(), "fields left over");
  }
};

struct Criteria : Published<events::CriteriaId, events::CriteriaPublished> {
  /// Null when the set has no variant for the group.
  const events::GroupVariant* variant_of(events::GroupCode group) const;
};

struct Cycle : Published<events::CycleId, events::CycleOpened> {
  std::uint8_t closed = 0;  ///< The phases that the log closed, as bits.

  bool is_closed(events::CyclePhase phase) const { return (closed & bit_of(phase)) != 0; }
  /// The bit of a phase in `closed`.
  static constexpr std::uint8_t bit_of(events::CyclePhase phase) {
    return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(phase) & 7U));
  }

  void save(events::CompactOutput& archive) const {
    Published::save(archive);
    archive(closed);
  }
  void load(events::CompactInput& archive) {
    Published::load(archive);
    archive(closed);
  }
};

/// A phase that is not closed yet, and when the log has to close it.
struct Closing {
  events::Timestamp due;
  events::CycleId cycle;
  events::CyclePhase phase{};
  auto operator<=>(const Closing&) const = default;
};

/// Published criteria, open cycles and the version of the judging rules.  All reference scope.
class Rulebook {
 public:
  static constexpr const char* name = "rulebook";
  static constexpr std::uint32_t revision = 4;

  void apply(const EffectiveEvent& effective);
  void restrict_to(const events::ReaderScope& /*reader*/) {}

  const Criteria* find(events::CriteriaId id) const { return criteria_.find(id.key()); }
  const Cycle* find(events::CycleId id) const { return cycles_.find(id.key()); }
  /// The version that the log is judged under from here on; 1 before any RulesAdopted.
  events::RulesVersion rules() const { return rules_; }
  /// The tables by which whoever holds this folds and judges: those of rules(), or the newest that
  /// they can, where the log is beyond them.
  const Policy& policy() const { return policy_of(std::min(rules_, newest_)); }
  /// Whether the log is judged by rules that the holder does not have.
  bool is_beyond() const { return rules_ > newest_; }
  /// Whether rules that the holder does not have move a dossier otherwise by events of this kind.
  bool moves_otherwise(const events::Event& event) const;
  /// Who holds this can no rules newer than these; without a call, the newest of the build.
  void hold_by(events::RulesVersion newest) { newest_ = newest; }
  /// How far the log was repaired when it was last restored; 0: it never was.  A device may have
  /// seen more of the log that was lost; of this one it has seen so much.
  events::Position repaired_to() const { return repaired_to_; }
  /// The highest version published under `code`, 0 for none.
  std::uint32_t latest_version(const std::string& code) const;

  /// Whether no act counts in the cycle any more, unless a person decides so: its last phase is
  /// closed, and it takes no late acts.
  bool is_closed(events::CycleId id) const;
  /// The phase that the log has to close next, see closes_at(): the earliest, then by cycle and
  /// phase.  Nothing when all phases of all cycles are closed.
  const std::optional<Closing>& next_closing() const { return next_closing_; }

  const EntityTable<Criteria>& criteria() const { return criteria_; }
  const EntityTable<Cycle>& cycles() const { return cycles_; }

  template <class Archive>
  void save(Archive& archive) const {
    archive(rules_, repaired_to_, criteria_, cycles_, events::bounded<adoptions_max>(adoptions_));
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(rules_, repaired_to_, criteria_, cycles_, events::bounded<adoptions_max>(adoptions_));
    find_next_closing();
  }

 private:
  /// That rules were adopted, and which kinds they move otherwise than those before.
  struct Adoption {
    events::RulesVersion rules;
    std::vector<std::uint16_t> moved_otherwise;

    template <class Archive>
    void serialize(Archive& archive) {
      archive(rules, events::bounded<events::type_limit>(moved_otherwise));
    }
  };
  static constexpr std::size_t adoptions_max = 1024;

  void find_next_closing();
  /// The times of receipt ran ahead and go on from `now`: what was closed by them is open again.
  void reopen(events::Timestamp now);

  events::RulesVersion rules_{1};
  events::RulesVersion newest_ = newest_rules();  ///< Not written: a fact of the holder.
  events::Position repaired_to_;
  EntityTable<Criteria> criteria_;
  EntityTable<Cycle> cycles_;
  std::vector<Adoption> adoptions_;      ///< Ascending by version.
  std::optional<Closing> next_closing_;  ///< Derived, not saved.
};

}  // namespace projections
