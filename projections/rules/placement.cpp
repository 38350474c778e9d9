#include "projections/rules/placement.h"

#include "events/base/ranges.h"
#include "projections/rules/power.h"

#include <algorithm>
#include <optional>
#include <span>

namespace projections {
namespace {

using events::UnitId;

/// What an event names.
struct Place {
  UnitId unit;             ///< Where the thing is.
  UnitId scope;            ///< The commune whose readers have to see it; none for reference scope.
  bool is_public = false;  ///< Everybody knows it, so that everybody finds it foreign or not.
};

/// Whether a role in `own` has to do with `place`: it covers it, it is in the same commune, or one
/// of the two communes was closed and the other has territory of it.
bool reaches(const UnitsOnDay& units, UnitId own, UnitId place) {
  if (units.lies_in(place, own)) return true;
  const UnitId commune = units.commune_of(place);
  const UnitId own_commune = units.commune_of(own);
  if (commune.is_none() || own_commune.is_none()) return false;
  if (commune == own_commune) return true;
  const auto has_territory_of = [&](UnitId one, UnitId other) {
    return units.is_closed(other) && events::ranges::binary_search(units.lineage_of(one), other);
  };
  return has_territory_of(own_commune, place) || has_territory_of(commune, own);
}

/// The author of an event, with what their device has to do with on the day of the paper.
class Author {
 public:
  Author(const events::Event& event, const State& state)
      : state_(state),
        units_(state.units().on(event.header.business_day)),
        device_(state.access().device_of(event.header.chain)) {
    const Grant* const named = state.access().grant(event.header.role_grant);
    if (named != nullptr && is_on_device(named->person)) grant_ = named;
  }

  bool reaches(const Place& place) const {
    return any_grant([&](const Grant& grant) {
      return projections::reaches(units_, grant.unit, place.unit) ||
             projections::reaches(units_, grant.unit, place.scope);
    });
  }

  /// Whether what they say about everybody's things may be for everybody.
  bool speaks_to_everybody() const {
    static constexpr RoleSet speakers = bit(events::Role::registrar) |
                                        bit(events::Role::central_assoc) |
                                        bit(events::Role::device_admin);
    return any_grant([](const Grant& grant) { return (bit(grant.role) & speakers) != 0; });
  }

  /// Their own commune; for people of a district or a province one of theirs; none for those of
  /// the whole log and for those without any role.
  UnitId commune() const {
    UnitId found;
    any_grant([&](const Grant& grant) {
      found = units_.commune_of(grant.unit);
      return !found.is_none();
    });
    if (!found.is_none()) return found;
    any_grant([&](const Grant& grant) {
      if (grant.unit.is_none()) return true;
      const std::vector<UnitId> below = units_.communes_in(grant.unit);
      if (!below.empty()) found = below.front();
      return !below.empty();
    });
    return found;
  }

 private:
  bool is_on_device(events::PersonId person) const {
    return device_ != nullptr &&
           events::ranges::find(device_->persons, person) != device_->persons.end();
  }

  /// The grant that the event names first: it nearly always is the right one.
  template <class Predicate>
  bool any_grant(Predicate predicate) const {
    if (grant_ != nullptr && predicate(*grant_)) return true;
    return events::ranges::any_of(state_.access().grants(), [&](const Grant& grant) {
      return is_on_device(grant.person) && predicate(grant);
    });
  }

  const State& state_;
  UnitsOnDay units_;
  const Device* device_;
  const Grant* grant_ = nullptr;
};

/// Where the things stand that an event is about.
class Names {
 public:
  Names(const events::Event& event, const State& state, const Policy& policy, const Author* author)
      : event_(event),
        state_(state),
        policy_(policy),
        units_(state.units().on(event.header.business_day)),
        author_(author) {}

  /// Nothing when it names nothing that is known and has a place of its own.
  std::optional<Place> place() const {
    const auto type = static_cast<events::EventType>(event_.header.type);
    switch (policy_.knows(event_) ? policy_.kind(type)->about : About::dossier) {
      case About::unit:
      case About::paper:
      case About::held_event:
        return place_named();
      case About::log:
      case About::tree:
      case About::powers:
      case About::own_device:
      case About::dossier:
        break;
    }
    return of_stream();
  }

 private:
  std::optional<Place> place_named() const {
    return events::match(event_.payload, [&]<class T>(const T& e) -> std::optional<Place> {
      if constexpr (requires { e.home_unit; }) {
        return of_unit(e.home_unit);
      } else if constexpr (requires { e.issuer; }) {
        return of_paper(e.issuer, e.dossiers);
      } else if constexpr (requires { e.held; }) {
        return of_held(e.held);
      } else if constexpr (requires { e.unit; }) {
        return of_unit(e.unit);
      } else {
        return std::nullopt;
      }
    });
  }

  std::optional<Place> of_stream() const {
    if (event_.header.stream.kind != events::StreamKind::dossier) return std::nullopt;
    return of_dossier(event_.header.stream.id);
  }

  std::optional<Place> of_unit(UnitId unit) const {
    if (state_.units().find(unit) == nullptr) return std::nullopt;
    return Place{unit, units_.commune_of(unit), true};
  }

  /// A thing that is not everybody's counts as unknown to those who have nothing to do with it, as
  /// it is unknown on their devices.
  std::optional<Place> if_reached(const Place& place) const {
    if (author_ != nullptr && !author_->reaches(place)) return std::nullopt;
    return place;
  }

  std::optional<Place> of_dossier(events::EventId id) const {
    if (const Dossier* const dossier = state_.dossiers().find(events::DossierId{id})) {
      return if_reached({dossier->home_unit, dossier->scope});
    }
    // The opening may be held: then its own scope is where the rest belongs.
    const HeldEventPtr held = state_.inbox().find_anywhere(id);
    return held == nullptr ? std::nullopt : of_scope(held->scope);
  }

  std::optional<Place> of_scope(const events::ScopeSet& scope) const {
    const UnitId commune = scope.units().front();
    // What is held in reference scope is known to everybody.
    if (commune.is_none()) return Place{commune, commune};
    return if_reached({commune, commune});
  }

  /// Lists and decisions belong where their issuer sits, so that the author's own commune sees
  /// them whatever the rows are; above communes only the rows tell.
  std::optional<Place> of_paper(events::OrganisationId id,
                                const std::vector<events::DossierId>& rows) const {
    const Organisation* const issuer = state_.units().find(id);
    if (issuer != nullptr) {
      const UnitId commune = units_.commune_of(issuer->unit);
      if (!commune.is_none()) return Place{issuer->unit, commune, true};
    }
    for (const events::DossierId row : rows) {
      if (auto place = of_dossier(row.event)) return place;
    }
    return std::nullopt;
  }

  /// What is said about a held event stands where that stands.
  std::optional<Place> of_held(events::Position position) const {
    if (const HeldEventPtr held = state_.inbox().find(position)) return of_scope(held->scope);
    return of_stream();
  }

  const events::Event& event_;
  const State& state_;
  const Policy& policy_;
  UnitsOnDay units_;
  const Author* author_;  ///< Null for the server, who has to do with everything.
};

}  // namespace

bool is_everybodys(events::StreamKind kind) {
  using enum events::StreamKind;
  return kind == log || kind == unit || kind == organisation || kind == criteria || kind == cycle ||
         kind == access;
}

Placement place_event(const events::Event& event, const State& state, const Policy& policy) {
  const UnitsOnDay units = state.units().on(event.header.business_day);
  const auto in = [](UnitId commune, bool is_foreign = false) {
    return Placement{events::ScopeSet{commune}, is_foreign, commune};
  };
  const auto at = [&](const Place& place) {
    const UnitId commune = units.commune_of(place.unit);
    return Placement{events::ScopeSet{place.scope}, false,
                     commune.is_none() ? units.commune_of(place.scope) : commune};
  };
  const bool of_everybody = is_everybodys(event.header.stream.kind);
  if (event.header.chain == events::system_chain) {
    const std::optional<Place> named = Names(event, state, policy, nullptr).place();
    return named ? at(*named) : in(events::reference_scope);
  }
  const Author author(event, state);
  const std::optional<Place> named = Names(event, state, policy, &author).place();
  if (named) {
    // The thing is not everybody's, or else it was reached already.
    if (!named->is_public || author.reaches(*named)) return at(*named);
    return in(author.commune(), true);
  }
  if (of_everybody && (policy.knows(event) || author.speaks_to_everybody())) {
    return in(events::reference_scope);
  }
  return in(author.commune());
}

Sight sight_of(const Placement& placement, events::Day business_day, const State& state) {
  const UnitId scope = placement.scope.units().front();
  const Unit* const commune = state.units().find(placement.acted_in);
  // Nearly every commune has had no other.
  if (commune == nullptr || commune->predecessors.empty()) {
    return placement.acted_in == scope || placement.acted_in.is_none()
               ? Sight(scope)
               : Sight(scope, {placement.acted_in});
  }
  return Sight(scope, state.units().on(business_day).lineage_of(placement.acted_in));
}

}  // namespace projections
