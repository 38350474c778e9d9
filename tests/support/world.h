#pragma once

#include "events/crypto/signature.h"
#include "events/log/event.h"
#include "events/log/scope.h"
#include "events/log/stored_event.h"
#include "projections/state/state.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clients::acts {
class Draft;
struct Occasion;
}  // namespace clients::acts

namespace test_support {

/// A person with one role: what an act needs to say who did it and by which right.
struct Officer {
  events::PersonId person;
  events::RoleGrantId grant;
  events::Role role{};
  events::UnitId unit;
};

/// A commune of the world with everything that a title needs.
struct CommuneWorld {
  events::UnitId unit;
  std::array<events::UnitId, 2> hamlets;
  events::OrganisationId association;
  events::OrganisationId committee;
  Officer branch_head;  ///< Of the first hamlet.
  Officer entrant;      ///< From here on: of the whole commune.
  Officer clerk;
  Officer chair;
  Officer appraiser;
  Officer signer;
  /// Both know all six officers; the first is in the hamlet, the second in the commune's office.
  std::array<events::ChainNumber, 2> devices;
  std::uint32_t decisions = 0;  ///< Numbers given by `grant_title`.
};

/// An act before it is an event.  What is not said is what an honest, well informed officer with a
/// good clock would say.
struct Act {
  events::ChainNumber chain;
  Officer by;
  events::Payload payload;
  /// Needed unless the event creates what it is about.
  std::optional<events::StreamId> stream = {};
  std::optional<events::Position> seen = {};          ///< Everything.
  std::optional<events::Day> business_day = {};       ///< Today.
  std::optional<events::Timestamp> recorded_at = {};  ///< Now.
  events::Intake intake{0, 2, events::content_checked};
};

/// An element of the log with the scope set of its block.
struct StoredAct {
  events::StoredEvent stored;
  events::ScopeSet scope;

  events::EventId id() const { return stored.event.id(); }
  events::Position position() const { return stored.position; }
  const events::Verdict& verdict() const { return stored.verdict; }
};

events::StreamId stream_of(events::DossierId dossier);

/// The key of a chain of any world; the system chain's is the server's.
events::SigningKey key_of(events::ChainNumber chain);

/// A founded log in memory that speaks the domain: a province, a city with three communes, two
/// hamlets each, their organisations, officers and devices, criteria, and one cycle per title that
/// is open the whole year 2021.  It begins on 2021-03-01 at 08:00.
///
/// Judges, applies and follows up what is due, as the server does; signs nothing.  The same calls
/// give the same bytes.  Copyable: found it once, copy it often.
class World {
 public:
  World();

  // ---- the log ----

  /// Judges the act at `now`, stores it, and everything that becomes due by it.
  /// Lifetime: the reference is valid as long as the world.
  const StoredAct& append(Act act);
  /// The same for an event made elsewhere, the next of its chain.
  const StoredAct& append(events::Event event, const events::Intake& intake);
  /// An event of the server itself.
  const StoredAct& append_system(events::Payload payload,
                                 std::optional<events::StreamId> stream = std::nullopt);
  /// From here on the log is judged by these rules, as a server of a newer build says it.
  const StoredAct& adopt(events::RulesVersion rules);
  /// Appends what the server owes by now.  Every other append does so by itself.
  void settle();
  /// The event of an act as its device would make it, the next of its chain.
  events::Event make(const Act& act) const;
  /// The event of a kind or version that this build does not know.
  events::Event make_unknown(const Act& act, std::uint16_t type, std::uint32_t schema) const;

  const std::deque<StoredAct>& stored() const { return stored_; }
  const StoredAct& at(events::Position position) const { return stored_.at(position.value - 1); }
  const projections::State& state() const { return state_; }
  events::Position head() const { return events::Position{stored_.size()}; }
  /// The seq that the next event of the chain gets.
  std::uint64_t next_seq(events::ChainNumber chain) const;

  // ---- the clock ----

  events::Timestamp now() const { return now_; }
  events::Day today() const { return events::day_in_vietnam(now_); }
  /// Expects: not before now.
  void set_now(events::Timestamp now);
  /// The server's clock ran ahead; from here on the right time counts, which is earlier.
  void correct_clock(events::Timestamp right);
  /// 08:00 in Viet Nam of that day.
  static events::Timestamp morning_of(events::Day day);
  void wait_seconds(std::uint64_t seconds);
  void wait_days(std::uint32_t days);

  // ---- who and what there is ----

  const Officer& administrator() const { return administrator_; }
  static constexpr events::ChainNumber administration{2};  ///< The administrator's device.
  events::UnitId province() const { return province_; }
  events::UnitId city() const { return city_; }
  CommuneWorld& commune(std::size_t index) { return communes_.at(index); }
  const CommuneWorld& commune(std::size_t index) const { return communes_.at(index); }
  static constexpr std::size_t commune_count = 3;
  const Officer& district_officer() const { return district_officer_; }
  events::ChainNumber district_device() const { return district_device_; }
  events::CriteriaId citizen_criteria() const { return citizen_criteria_; }
  events::CycleId citizen_cycle() const { return citizen_cycle_; }
  events::CycleId family_cycle() const { return family_cycle_; }
  events::CycleId clan_cycle() const { return clan_cycle_; }
  events::CycleId hamlet_cycle() const { return hamlet_cycle_; }
  events::CycleId unit_cycle() const { return unit_cycle_; }
  /// Reads what that commune and everybody may see.
  events::ReaderScope reader_of(std::size_t commune) const;

  // ---- acts of the administrator ----

  /// An act of the administrator that must be accepted; its id.
  events::EventId administer(events::Payload payload,
                             std::optional<events::StreamId> stream = std::nullopt);
  events::PersonId introduce(events::UnitId home, events::CollectiveId household = {});
  Officer appoint(events::PersonId person, events::Role role, events::UnitId unit);
  /// Introduces and appoints somebody new.
  Officer hire(events::Role role, events::UnitId unit, events::UnitId home);
  void revoke(const Officer& officer, events::Day effective);
  /// A new device for these people.
  events::ChainNumber enrol(std::vector<events::PersonId> persons, std::string label);
  /// A cycle of these criteria, open the whole year; for changes before it is opened.
  events::CycleOpened a_cycle(events::TitleKind title, events::CriteriaId criteria) const;
  events::CycleId open(events::CycleOpened cycle);

  // ---- the lives of dossiers, on the good path; each act must be accepted ----

  /// A citizen of the commune's first hamlet registers and is accepted.
  events::DossierId register_citizen(std::size_t commune);
  /// Only opens a dossier for somebody new; state DRAFT.
  events::DossierId open_dossier(std::size_t commune);
  events::DossierId open_dossier(std::size_t commune, events::PersonId citizen,
                                 events::CycleId cycle);
  void register_dossier(std::size_t commune, events::DossierId dossier);
  void accept_registration(std::size_t commune, events::DossierId dossier);
  /// A sheet with the same score for every indicator.
  void assess(std::size_t commune, events::DossierId dossier, std::uint16_t tenths = 80);
  events::MeetingId review(
      std::size_t commune, const std::vector<events::DossierId>& dossiers,
      events::ReviewConclusion conclusion = events::ReviewConclusion::proposed);
  events::ListId submit(std::size_t commune, const std::vector<events::DossierId>& dossiers);
  void appraise(std::size_t commune, const std::vector<events::DossierId>& dossiers);
  events::DecisionId grant_title(std::size_t commune,
                                 const std::vector<events::DossierId>& dossiers);

  // ---- payloads of acts that fit the world ----

  static events::DossierRegistered a_registration();
  events::SelfAssessmentRecorded a_sheet(std::uint16_t tenths = 80) const;
  events::DossierOpened an_opening(events::PersonId citizen, std::size_t commune) const;
  static events::EvidenceSighted a_sighting();
  static events::EvidenceAttached an_attachment();
  events::ReviewHeld a_meeting(
      std::size_t commune, const std::vector<events::DossierId>& dossiers,
      events::ReviewConclusion conclusion = events::ReviewConclusion::proposed) const;
  events::ListSubmitted a_list(std::size_t commune,
                               const std::vector<events::DossierId>& dossiers) const;
  /// With the next number of the commune's register.
  events::DecisionIssued a_decision(std::size_t commune,
                                    const std::vector<events::DossierId>& dossiers) const;
  /// The appraisal that the dossier's sheet asks for.
  events::DossierAppraised an_appraisal(events::DossierId dossier) const;

 private:
  void found();
  void set_up_units();
  void set_up_criteria();
  void set_up_officers();
  const StoredAct& must(Act act);
  using UseCase = std::function<void(clients::acts::Draft&, const clients::acts::Occasion&)>;
  /// What the officer does on that chain today; each event must be accepted.  The id of the first.
  events::EventId perform(events::ChainNumber chain, const Officer& by, const UseCase& use_case);
  const StoredAct& store(events::Event event, const events::Intake& intake);
  events::EventHeader header_of(const Act& act) const;
  events::CycleId set_up_cycle(const char* criteria_file);

  projections::State state_;
  std::deque<StoredAct> stored_;
  std::vector<std::uint64_t> seqs_;  ///< Last seq by chain number.
  events::Timestamp now_;

  Officer administrator_;
  events::UnitId province_;
  events::UnitId city_;
  std::array<CommuneWorld, commune_count> communes_;
  Officer district_officer_;
  events::ChainNumber district_device_;
  events::CriteriaId citizen_criteria_;
  events::CycleId citizen_cycle_;
  events::CycleId family_cycle_;
  events::CycleId clan_cycle_;
  events::CycleId hamlet_cycle_;
  events::CycleId unit_cycle_;
};

}  // namespace test_support
