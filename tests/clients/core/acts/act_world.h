#pragma once

#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/draft.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/score.h"
#include "events/log/private_record.h"
#include "tests/support/world.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace clients_test {

/// A log whose officers act through clients::acts.  What a draft holds is judged and appended as a
/// device would push it.
struct ActWorld {
  test_support::World world;

  const test_support::CommuneWorld& commune() const { return world.commune(0); }
  /// The device of the hamlet, and that of the commune's office.
  events::ChainNumber hamlet() const { return commune().devices[0]; }
  events::ChainNumber office() const { return commune().devices[1]; }

  clients::acts::Draft draft(events::ChainNumber chain) const {
    return {world.state(), {chain, world.next_seq(chain)}};
  }
  /// The officer acts today; each event gets another salt.
  clients::acts::Occasion today(const test_support::Officer& by) const {
    return {by.person, [day = world.today(), count = std::uint8_t{0}]() mutable {
              clients::acts::Stamp stamp{day, {}};
              stamp.salt.fill(++count);
              return stamp;
            }};
  }
  /// Appends the events of a draft.  Each must be accepted.
  void append(const clients::acts::Draft& draft, const test_support::Officer& by) {
    for (const clients::RecordRequest& request : draft.requests()) {
      test_support::Act act{.chain = chain_of(by), .by = by, .payload = request.payload};
      if (request.fields) {
        const auto record = events::try_make_private_record(request.salt, *request.fields);
        ASSERT_TRUE(record);
        clients::name_private_record(act.payload, record->digest());
      }
      act.stream = request.about;
      act.business_day = request.business_day;
      EXPECT_TRUE(test_support::is_accepted(world.append(std::move(act)).verdict()));
    }
  }
  /// Runs `act(draft, occasion)` and appends what it adds.
  template <class Act>
  auto perform(const test_support::Officer& by, Act act) {
    clients::acts::Draft added = draft(chain_of(by));
    const auto done = act(added, today(by));
    EXPECT_TRUE(done);
    append(added, by);
    return done;
  }
  events::DossierState state_of(events::DossierId dossier) const {
    return world.state().dossiers().find(dossier)->state;
  }

  /// Which device an officer uses.
  events::ChainNumber chain_of(const test_support::Officer& by) const {
    if (by.person == world.administrator().person) return test_support::World::administration;
    const bool is_of_hamlet =
        by.person == commune().branch_head.person || by.person == commune().entrant.person;
    return is_of_hamlet ? hamlet() : office();
  }
};

/// Somebody who was there agreed to be assessed.
inline clients::acts::Declaration somebody_present() {
  clients::acts::Declaration declaration;
  declaration.consent_purposes = events::consent_assess;
  declaration.confirmation = events::Confirmation::subject_present;
  return declaration;
}

inline clients::acts::NewPerson a_citizen(events::UnitId home) {
  clients::acts::NewPerson person;
  person.record = {"Lò Thị Ánh", {1990, 3, 12}, 3, "", ""};
  person.gender = events::Gender::female;
  person.age_band = events::AgeBand::from_25_to_34;
  person.home = home;
  return person;
}

/// Somebody new registers, and is accepted.
inline events::DossierId register_and_accept(ActWorld& scene) {
  const auto& commune = scene.commune();
  const auto dossier = scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    const auto person = clients::acts::introduce(draft, now, a_citizen(commune.hamlets[0]));
    return clients::acts::register_dossier(draft, now,
                                           {{events::SubjectKind::person, person->event},
                                            scene.world.citizen_cycle(),
                                            events::GroupCode::farmer_rural,
                                            commune.hamlets[0],
                                            somebody_present()});
  });
  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    clients::acts::accept(draft, now, {&*dossier, 1});
    return true;
  });
  return *dossier;
}

/// Eight points for each indicator of the dossier.
inline clients::acts::Scores full_marks(const ActWorld& scene, events::DossierId dossier) {
  const auto sheet = clients::acts::sheet_of(scene.world.state(), dossier);
  return {sheet->criteria, std::vector<std::uint16_t>(sheet->variant->indicators.size(), 80)};
}

/// The payload of the event at `index` of a draft.
template <class Payload>
const Payload& payload_at(const clients::acts::Draft& draft, std::size_t index) {
  return std::get<Payload>(draft.requests().at(index).payload);
}
/// The private record of the event at `index` of a draft.
template <class Record>
const Record& record_at(const clients::acts::Draft& draft, std::size_t index) {
  return std::get<Record>(*draft.requests().at(index).fields);
}

/// A text that is not UTF-8.
inline const std::string not_utf8 = "\xC3\x28";

/// Whether `result` is the error of that code, and its message holds `part`.
template <class Result>
::testing::AssertionResult fails(const Result& result, events::ErrorCode code,
                                 std::string_view part) {
  if (result) return ::testing::AssertionFailure() << "it did not fail";
  const bool fits =
      result.error().code == code && result.error().message.find(part) != std::string::npos;
  return (fits ? ::testing::AssertionSuccess() : ::testing::AssertionFailure())
         << result.error().message;
}

}  // namespace clients_test
