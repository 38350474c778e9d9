#pragma once

#include "tests/support/world.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace test_support {

/// Officers of a world at work, all from one seed: mostly the next step of some dossier, and now
/// and then everything that goes wrong out there: acts in the wrong state, by the wrong role, on
/// stale knowledge, about things nobody knows, on another commune's dossiers, under revoked grants,
/// with clocks that are off, twice, of kinds this build does not know, and releases.
///
/// State: what each device has seen, and the dossiers, households and people it was told of, also
/// those whose events are held or refused.
class RandomActs {
 public:
  /// `reorganises`: decrees merge and split the communes and hamlets meanwhile, and officers get
  /// roles in the successors or go on with what they have.
  /// Lifetime: `world` outlives this.
  RandomActs(World& world, std::uint64_t seed, bool reorganises = false);

  /// One act, and what becomes due by it.
  void act();

 private:
  struct Place {
    std::vector<events::PersonId> citizens;
    std::vector<events::CollectiveId> households;
    std::vector<events::DossierId> dossiers;
    std::array<events::Position, 2> seen;  ///< By device.
  };

  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& things) {
    return things.at(below(things.size()));
  }

  void introduce_somebody();
  void open_something();
  void move_a_dossier();
  /// The act that the dossier's state asks for.
  Act next_step(events::DossierId dossier);
  Act any_step(events::DossierId dossier);
  /// The latest minutes, list or decision in effect that names the dossier; null for none.
  const projections::Document* paper(events::EventType type, events::DossierId dossier) const;
  void make_documents();
  void sight_evidence();
  void send_something_unknown();
  void decide_about_a_hold();
  void change_authority();
  void move_a_hamlet();
  /// A decree, also an impossible one.
  void reorganise();
  /// Whoever had a role in a closed unit may get it in its successor.
  void appoint_in_successors();
  /// Puts in who, which device, what was seen, and perhaps a mistake; appends.
  const StoredAct& send(Act act);
  void make_a_mistake(Act& act);
  const Officer& any_officer(std::size_t commune);
  std::vector<events::DossierId> some_dossiers(events::DossierState state);
  Place& place() { return places_.at(here_); }

  World& world_;
  std::mt19937_64 engine_;
  std::vector<Place> places_;
  bool reorganises_;
  std::size_t here_ = 0;  ///< The commune of the present act.
};

}  // namespace test_support
