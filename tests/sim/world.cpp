#include "tests/sim/world.h"

#include "clients/core/acts/register.h"
#include "clients/core/acts/rulebook.h"
#include "projections/rules/power.h"
#include "server/commit/enrolment.h"
#include "server/repair/staged_blocks.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sim {

using events::Day;
using events::PersonId;
using events::Role;
using events::UnitId;
namespace acts = clients::acts;
namespace protocol = events::protocol;

namespace {

constexpr const char* founding_code = "FOUNDINGCODE0001";
/// 2025-09-02, 08:00 in Viet Nam.
constexpr events::Timestamp first_moment{1'756'774'800'000};

Day founding_day() { return events::day_in_vietnam(first_moment); }

events::CriteriaPublished citizen_criteria() {
  events::CriteriaPublished criteria;
  criteria.code = "CDHT-324-2022";
  criteria.version = 1;
  criteria.title = events::TitleKind::learning_citizen;
  criteria.status = events::CriteriaStatus::reported;
  criteria.basis = "Quyết định 324/QĐ-KHVN";
  criteria.indicators = {{"A1", "A", "Tự học", 100, 5}, {"B1", "B", "Kỹ năng số", 100, 5}};
  criteria.groups = {{events::GroupCode::farmer_rural,
                      "Nông dân",
                      {0, 1},
                      {{events::CriteriaRuleKind::total_at_least, 120},
                       {events::CriteriaRuleKind::each_indicator_at_least, 40}}}};
  return criteria;
}

acts::NewCycle citizen_cycle(events::CriteriaId criteria, Random& random) {
  const auto until = [&](std::uint32_t days) {
    return events::Phase{Day{founding_day().value - 30}, Day{founding_day().value + days}};
  };
  acts::NewCycle cycle;
  cycle.title = events::TitleKind::learning_citizen;
  cycle.criteria = criteria;
  cycle.label = "2025";
  cycle.kind = events::CycleKind::annual;
  // Some cycles end while the simulation runs, so that acts come late.
  const auto last = [&] { return static_cast<std::uint32_t>(random.chance(8) ? 2 : 200); };
  cycle.registration = until(last());
  cycle.self_assessment = until(last());
  cycle.review = until(last());
  cycle.appraisal = until(last());
  cycle.decision = until(200);
  cycle.late_policy = static_cast<events::LatePolicy>(random.between(1, 3));
  cycle.deadline_basis = static_cast<events::DeadlineBasis>(random.between(1, 2));
  // Short enough for some phases to close while the simulation runs.
  cycle.grace_days = cycle.late_policy == events::LatePolicy::refuse ? 1 : 15;
  cycle.reference_day = founding_day();
  return cycle;
}

events::PersonRecord a_name(const std::string& name) {
  return {name, events::PartialDate{1980, 0, 0}, 1, "", ""};
}

protocol::Founding founding(Random& random) {
  return {"titles.example/sim",
          events::make_private_record(random.bytes<16>(), a_name("Lò Thị A"))};
}

}  // namespace

World::World(Random& random, Tally& tally, Plant plant, const Ways& ways)
    : random_(random),
      tally_(tally),
      plant_(plant),
      roles_end_(ways.roles_end),
      now_(first_moment),
      host_(random, tally, server::code_digest_of(founding_code)) {
  host_.set_lease_days(ways.lease_days);
  host_.on_repaired([this] { note_names_lost(); });
  devices_.push_back(std::make_unique<Device>("founder", random_, tally_, plant_, host_,
                                              founding_code, founding(random_)));
  settle();
  found();
  settle();
  is_founded_ = true;
  host_.plant(plant);
}

std::optional<events::EventId> World::decree(const Act& act) {
  Device& founder = administrator();
  const events::Day today = events::day_in_vietnam(founder.clock(now_));
  acts::Draft draft(founder.workspace());
  act(draft, {founder.replica().identity().persons.front(), [&] {
                return acts::Stamp{today, random_.bytes<16>()};
              }});
  const auto done = founder.record(draft.requests(), now_);
  if (!done || done->refused || !done->recorded.front().verdict.takes_effect()) {
    return std::nullopt;
  }
  return done->recorded.front().id;
}

events::EventId World::found_with(const Act& act) {
  const auto id = decree(act);
  require(id.has_value(), Promise::honest, "the founder may do what founds the world");
  return *id;
}

UnitId World::found_unit(const acts::NewUnit& unit) {
  return UnitId{found_with([&](acts::Draft& draft, const acts::Occasion& now) {
    acts::create_unit(draft, now, unit).value();
  })};
}

events::OrganisationId World::found_organisation(const acts::NewOrganisation& organisation) {
  return events::OrganisationId{found_with([&](acts::Draft& draft, const acts::Occasion& now) {
    acts::establish(draft, now, organisation).value();
  })};
}

void World::found_grant(const acts::NewGrant& grant) {
  found_with([&](acts::Draft& draft, const acts::Occasion& now) {
    acts::grant_role(draft, now, grant).value();
  });
}

Officer World::introduce_officer(const std::string& name, std::vector<Role> roles, UnitId unit,
                                 Officer where) {
  acts::NewPerson person;
  person.record = a_name(name);
  person.home = unit;
  person.gender = events::Gender::female;
  person.age_band = events::AgeBand::from_35_to_44;
  where.person = PersonId{found_with([&](acts::Draft& draft, const acts::Occasion& now) {
    acts::introduce(draft, now, person).value();
  })};
  where.unit = unit;
  for (const Role role : roles) {
    found_grant(
        {where.person, role, unit, Day{founding_day().value - 400}, roles_until_, "12/QĐ-HKH"});
  }
  where.roles = std::move(roles);
  return where;
}

Device* World::offer_device(const std::string& name, std::vector<Officer> officers) {
  std::string code = "OFFER00000000" + std::to_string(100 + offers_++);
  acts::NewOffer offer;
  for (const Officer& officer : officers) offer.persons.push_back(officer.person);
  offer.code_digest = server::code_digest_of(code);
  offer.expires = events::Timestamp{now_.value + 3000 * events::milliseconds_per_day};
  const std::optional<events::EventId> said =
      decree([&](acts::Draft& draft, const acts::Occasion& now) {
        acts::offer_enrolment(draft, now, offer);
      });
  if (!said) return nullptr;
  devices_.push_back(std::make_unique<Device>(name, random_, tally_, plant_, host_, std::move(code),
                                              std::nullopt));
  devices_.back()->officers() = std::move(officers);
  offer_of_[devices_.back().get()] = *said;
  return devices_.back().get();
}

Device& World::clone(Device& device) {
  devices_.push_back(std::make_unique<Device>("copy of " + device.name(), random_, tally_, plant_,
                                              host_, "", std::nullopt));
  Device& copy = *devices_.back();
  copy.officers() = device.officers();
  copy.start_from(device.image());
  device.expect_fork();
  return copy;
}

void World::found_commune(std::size_t index, UnitId district) {
  const std::string number = std::to_string(index + 1);
  const Day since{founding_day().value - 1000};
  const UnitId commune = found_unit({events::UnitKind::commune, district, "Xã " + number,
                                     "0330" + number, events::AreaType::rural, since, ""});
  const UnitId hamlet = found_unit(
      {events::UnitKind::hamlet, commune, "Bản " + number, "", events::AreaType::rural, since, ""});
  communes_.push_back(commune);
  Officer where;
  where.commune = commune;
  where.association = found_organisation(
      {events::OrganisationKind::association, commune, "Hội Khuyến học xã " + number, since});
  where.committee = found_organisation(
      {events::OrganisationKind::committee, commune, "Ủy ban nhân dân xã " + number, since});

  const Officer head =
      introduce_officer("Lò Văn B", {Role::branch_head}, index == 0 ? hamlet : commune, where);
  const Officer chair =
      introduce_officer("Quàng Thị C", {Role::commune_assoc_chair}, commune, where);
  // In the second commune the clerk is its registrar, too, and cheats; see RogueActs.
  const std::vector<Role> desk = index == 1 ? std::vector{Role::commune_clerk, Role::registrar}
                                            : std::vector{Role::commune_clerk};
  const Officer clerk = introduce_officer("Cà Văn D", desk, commune, where);
  const Officer appraiser = introduce_officer("Tòng Thị E", {Role::appraiser}, commune, where);
  const Officer signer = introduce_officer("Vì Văn G", {Role::signer}, commune, where);
  if (index == 0) {
    // The same dossiers on several devices.
    const Officer entrant = introduce_officer("Lường Thị H", {Role::branch_head}, commune, where);
    offer_device("commune 1 a", {head});
    offer_device("commune 1 b", {chair, clerk, entrant});
    offer_device("commune 1 c", {appraiser, signer});
  } else {
    offer_device("commune " + number + " a", {head, clerk});
    offer_device("commune " + number + " b", {chair, appraiser, signer});
  }
}

void World::found() {
  Device& founder = administrator();
  Officer registrar;
  registrar.person = founder.replica().identity().persons.front();
  registrar.roles = {Role::registrar};
  founder.officers() = {registrar};

  const Day since{founding_day().value - 1000};
  const UnitId province = found_unit({events::UnitKind::province, UnitId{}, "Tỉnh Điện Biên", "11",
                                      events::AreaType::rural, since, ""});
  const UnitId district = found_unit({events::UnitKind::district, province, "Huyện Điện Biên",
                                      "100", events::AreaType::rural, since, ""});
  criteria_ = events::CriteriaId{found_with([](acts::Draft& draft, const acts::Occasion& now) {
    acts::publish_criteria(draft, now, citizen_criteria());
  })};
  const acts::NewCycle cycle = citizen_cycle(criteria_, random_);
  cycle_ = events::CycleId{found_with([&](acts::Draft& draft, const acts::Occasion& now) {
    acts::open_cycle(draft, now, cycle).value();
  })};
  const Officer superior =
      introduce_officer("Điêu Chính K", {Role::district_assoc}, district, Officer{});
  if (random_.chance(25)) {
    found_grant({superior.person, Role::auditor, district, Day{founding_day().value - 400}, Day{},
                 "15/QĐ-HKH"});
  }
  offer_device("district", {superior});
  const std::size_t communes = random_.between(2, 3);
  for (std::size_t index = 0; index < communes; ++index) {
    if (roles_end_ && index + 1 == communes) roles_until_ = Day{founding_day().value + 365};
    found_commune(index, district);
  }
}

bool World::round() {
  bool moved = false;
  for (const std::unique_ptr<Device>& device : devices_) {
    const bool is_connected = device->link() != nullptr;
    if (!is_connected && !(is_revoked(*device) && device->is_wiped())) {
      device->connect(now_, true);
      moved = true;
    }
    moved = device->push_new(now_) || moved;
    moved = device->send_files(now_) || moved;
  }
  for (const LinkPtr& link : std::vector<LinkPtr>(host_.links())) {
    while (host_.deliver(*link, now_)) moved = true;
  }
  moved = host_.work(now_, 100) || moved;
  moved = host_.confirm_right_clock(now_) || moved;
  for (const LinkPtr& link : std::vector<LinkPtr>(host_.links())) {
    while (host_.pump(*link, 64 * 1024)) moved = true;
  }
  lose_some_enrolments();
  for (const std::unique_ptr<Device>& device : devices_) {
    while (device->deliver(now_)) moved = true;
  }
  pass(50);
  return moved;
}

/// While the world is founded, some devices do not hear that they have a chain, and ask again.
void World::lose_some_enrolments() {
  if (is_founded_) return;
  for (const std::unique_ptr<Device>& device : devices_) {
    const LinkPtr link = device->shared_link();
    if (device->is_enrolled() || !link || link->down.empty() || !random_.chance(5)) continue;
    const auto enrolled = static_cast<std::uint8_t>(protocol::FrameKind::enrolled);
    if (link->down.front().front() != enrolled) continue;
    tally_.count(Happening::enrolment_answer_lost);
    link->lose();
  }
}

void World::settle() {
  constexpr int rounds_max = 400;
  constexpr int repair_rounds_max = 60;
  for (int rounds = 0; rounds < rounds_max; ++rounds) {
    // A block that nobody has the proof of, or that only a lost device had.
    if (rounds > repair_rounds_max && host_.is_repairing()) host_.finish_repair(now_);
    if (!round()) break;
  }
  for (const std::unique_ptr<Device>& device : devices_) {
    if (is_revoked(*device)) {
      require(device->is_wiped(), Promise::live, [&] {
        return device->name() + " was revoked and is not wiped: " + device->trouble();
      });
      continue;
    }
    if (!device->is_enrolled() && is_uninvited(*device)) continue;
    require(device->is_enrolled(), Promise::live,
            [&] { return device->name() + " was not enrolled: " + device->trouble(); });
    const auto& alarms = device->replica().head_store().alarms();
    require(alarms.empty(), Promise::honest, [&] {
      return device->name() + " has found that the log contradicts itself, alarm " +
             std::to_string(static_cast<int>(alarms.front().kind));
    });
    require(device->is_synced() || is_twin(*device), Promise::live,
            [&] { return device->name() + " does not come to rest: " + device->trouble(); });
  }
}

bool World::is_uninvited(const Device& device) const {
  if (host_.restores() > 0) return true;
  const projections::Offer* const found =
      host_.state().access().offer_of_code(server::code_digest_of(device.code()));
  const bool has_fallen =
      found != nullptr && !projections::stands(host_.state(), *found, events::day_in_vietnam(now_));
  return has_fallen || was_offered_in_vain(device);
}

bool World::was_offered_in_vain(const Device& device) const {
  const auto offer = offer_of_.find(&device);
  if (offer == offer_of_.end()) return false;
  const projections::Access& access = host_.state().access();
  const auto* const known = access.offer(events::OfferId{offer->second});
  const auto* const by = known == nullptr ? nullptr : access.grant(known->grant);
  if (by != nullptr && by->is_over_on(events::day_in_vietnam(now_))) return true;
  const auto encoded = *host_.log().block_of(offer->second.chain(), offer->second.seq());
  if (!encoded) return false;
  const events::StoredBlock block = *events::decode_stored_block(*encoded);
  const std::uint64_t index = offer->second.seq() - block.first_seq;
  const events::Position position{block.first.value + index};
  const bool met_wrong_time = !host_.clock().was_right_at(position) ||
                              host_.clock().is_excused(offer->second.chain(), offer->second.seq());
  return met_wrong_time && !block.entries[index].verdict.takes_effect();
}

bool World::is_twin(const Device& device) const {
  if (!device.is_enrolled()) return false;
  const events::ChainNumber chain = device.replica().identity().chain;
  return std::ranges::any_of(devices_, [&](const auto& other) {
    return other.get() != &device && other->is_enrolled() &&
           other->replica().identity().chain == chain;
  });
}

bool World::has_copies() const {
  return std::ranges::any_of(devices_, [](const auto& device) { return device->may_fork(); });
}

void World::note_names_lost() {
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  for (events::Position after;;) {
    events::Position scanned_to;
    const auto encoded = *host_.log().next_block(everything, after, &scanned_to);
    if (!encoded) return;
    const events::StoredBlock block = *events::decode_stored_block(*encoded);
    after = block.last();
    for (const events::Digest& digest : server::records_named_by(block)) {
      const bool is_anywhere = *host_.privates().contains(digest) ||
                               std::ranges::any_of(devices_, [&](const auto& each) {
                                 return each->is_enrolled() &&
                                        each->replica().store().private_record(digest)->has_value();
                               });
      if (!is_anywhere) names_lost_.insert(digest);
    }
  }
}

void World::note_names_of_bundles() {
  for (const events::Digest& digest : names_lost_) {
    if (*host_.privates().contains(digest)) names_come_late_.insert(digest);
  }
}

bool World::is_revoked(const Device& device) const {
  if (!device.is_enrolled()) return false;
  const projections::Device* const known =
      host_.state().access().device_of(device.replica().identity().chain);
  return known != nullptr && known->revoked;
}

}  // namespace sim
