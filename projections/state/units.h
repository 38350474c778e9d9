#pragma once

#include "events/base/text_limits.h"
#include "events/log/scope.h"
#include "projections/state/entity_table.h"
#include "projections/state/projection.h"

#include <optional>
#include <string>
#include <vector>

namespace projections {

/// Successors of one unit; 128 rows of a decree and 32 of a closing fit.
inline constexpr std::size_t successors_max = 256;
/// Units that went into one; more are refused.  At most 14 were counted (domain.md 3.2).
inline constexpr std::size_t predecessors_max = 1024;

/// A stretch of days in which a unit had one name, code, parent and kind.
struct UnitVersion {
  events::Day valid_from;
  events::UnitId parent;
  std::string name;
  std::string official_code;
  // None: as in the version before, which the first one has not.
  std::optional<events::UnitKind> kind = {};
  std::optional<events::AreaType> area = {};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(valid_from, parent, events::bounded<events::text_limits::unit_name>(name),
            events::bounded<events::text_limits::unit_code>(official_code), kind, area);
  }
};

struct Unit {
  events::UnitId id;
  std::optional<events::Day> closed_from;  ///< First day on which it no longer exists.
  events::Position closed_at;              ///< Where the log says so; 0 while it is open.
  std::vector<UnitVersion> versions;       ///< Ascending by valid_from; at least one.
  /// Where its territory went, whole or in part, when it was closed.
  std::vector<events::UnitId> successors;
  /// The successor that all of it went to that was not given away by name; none: nobody knows.
  events::UnitId heir;
  std::vector<events::UnitId> predecessors;  ///< Units that name this one as a successor.

  std::uint64_t key() const { return id.key(); }
  const UnitVersion& latest() const { return versions.back(); }
  /// The version of that day, the first one for days before it.
  const UnitVersion& version_on(events::Day day) const;
  /// Its kind and area on that day; a commune may become a ward and stays the same unit.
  events::UnitKind kind_on(events::Day day) const;
  events::AreaType area_on(events::Day day) const;
  bool is_open_on(events::Day day) const;
  /// Whether it has ended by `day`.  A unit that has not begun yet has not ended.
  bool is_closed_on(events::Day day) const { return closed_from && *closed_from <= day; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, closed_from, closed_at, events::bounded<1024>(versions),
            events::bounded<successors_max>(successors), heir,
            events::bounded<predecessors_max>(predecessors));
  }
};

/// Whether this kind is a commune-level unit: the home of streams and the scope of readers.
bool is_commune_level(events::UnitKind kind);

/// The same of a unit, which never changes its level.
bool is_commune_level(const Unit& unit);
bool is_hamlet(const Unit& unit);

/// Whether two kinds stand equally high, as a commune and a ward do.
bool is_of_one_level(events::UnitKind one, events::UnitKind other);

/// V06.  Whether a unit of `kind` may lie directly in one of kind `above`: centre, province,
/// district, commune, each strictly below what it lies in, also two levels below; hamlets only in
/// communes.
bool fits_below(events::UnitKind kind, events::UnitKind above);

/// Whether a unit of kind `heir` may take the place of one of kind `ended`: it is of the same
/// level, or above it when the level itself was abolished.
bool fits_in_place_of(events::UnitKind heir, events::UnitKind ended);

struct Organisation {
  events::OrganisationId id;
  events::OrganisationKind kind{};
  events::UnitId unit;
  std::string name;
  events::Day valid_from;

  std::uint64_t key() const { return id.key(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, kind, unit, events::bounded<events::text_limits::organisation_name>(name),
            valid_from);
  }
};

class UnitsOnDay;

/// Administrative units and organisations with their dates.  All of it is reference scope.
class Units {
 public:
  static constexpr const char* name = "units";
  static constexpr std::uint32_t revision = 3;

  void apply(const EffectiveEvent& effective);
  void restrict_to(const events::ReaderScope& /*reader*/) {}

  const Unit* find(events::UnitId id) const { return units_.find(id.key()); }
  const Organisation* find(events::OrganisationId id) const {
    return organisations_.find(id.key());
  }
  const EntityTable<Unit>& all() const { return units_; }
  const EntityTable<Organisation>& organisations() const { return organisations_; }

  /// The tree as it was, or as far as is known will be, on `day`.
  /// Lifetime: not longer than this.
  UnitsOnDay on(events::Day day) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(units_, organisations_);
  }

 private:
  void apply(const events::UnitsChanged& change, events::Position position);
  void close(events::UnitId id, events::Day from, events::Position position, events::UnitId heir);
  void succeed(events::UnitId id, events::UnitId successor);
  void move_hamlet(events::UnitId id, events::UnitId parent, events::Day from);

  EntityTable<Unit> units_;
  EntityTable<Organisation> organisations_;
};

/// Where units lie and what they are called on one day.  A decree that is entered in June for the
/// first of July moves nothing before that day.
///
/// A unit that is closed on the day is still found, since what was recorded in it stands, and lies
/// where its heir lies: so do the hamlets that it had.  A closed unit without an heir, whose
/// territory went to several units, lies where it lay.
class UnitsOnDay {
 public:
  UnitsOnDay(const Units& units, events::Day day) : units_(units), day_(day) {}

  events::Day day() const { return day_; }
  /// What became of `unit`: itself while it is open, its heir or the heir's heir when it is closed
  /// (`current_unit` of domain.md U5).
  events::UnitId current(events::UnitId unit) const;
  /// The unit above, as it is now; none for a unit that is not known, or that nothing is above.
  events::UnitId parent_of(events::UnitId unit) const;
  /// The commune-level unit that `unit` is or lies in, as it is now; none above communes.
  events::UnitId commune_of(events::UnitId unit) const;
  /// Whether `unit` is `ancestor` or lies below it.  Everything lies below "none", the whole log.
  bool lies_in(events::UnitId unit, events::UnitId ancestor) const;
  /// The same, and nothing of it went elsewhere when it was closed: all of its successors do.
  bool lies_whole_in(events::UnitId unit, events::UnitId ancestor) const;
  /// How many units lie above this one.
  int depth_of(events::UnitId unit) const;
  /// All commune-level units in `ancestor`, ascending, with the closed ones whose heirs lie there.
  std::vector<events::UnitId> communes_in(events::UnitId ancestor) const;
  /// The lineage of `commune`: itself and the closed communes whose territory it has, whole or in
  /// part, and theirs; ascending.  Who works in it reads the scopes of all of these.
  /// Expects: `commune` is at commune level.
  std::vector<events::UnitId> lineage_of(events::UnitId commune) const;
  /// "Xã Nà Tấu, Thành phố Điện Biên Phủ".
  std::string name_of(events::UnitId unit) const;
  /// "Xã Nà Tấu"; empty for a unit that is not known.
  std::string short_name_of(events::UnitId unit) const;
  /// Whether `unit` has begun and has not ended.
  bool is_open(events::UnitId unit) const;
  /// Whether `unit` is known and has ended.
  bool is_closed(events::UnitId unit) const;

 private:
  const Units& units_;
  events::Day day_;
};

}  // namespace projections
