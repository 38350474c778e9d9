#include "tools/bench/corpus.h"

#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/access.h"
#include "clients/core/acts/appraise.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/evidence.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/review.h"
#include "clients/core/acts/rulebook.h"
#include "clients/core/acts/score.h"
#include "clients/core/acts/submit.h"
#include "clients/core/acts/units.h"
#include "events/base/check.h"

#include <functional>
#include <string>
#include <utility>

namespace bench {

namespace acts = clients::acts;

namespace {

constexpr std::size_t meeting_size = 50;
constexpr std::size_t hamlet_count = 8;

events::SecretSeed seed_of(std::uint8_t byte) {
  events::SecretSeed seed;
  seed.bytes.fill(byte);
  return seed;
}

events::CriteriaPublished criteria() {
  events::CriteriaPublished set{"CDHT-324-2022",
                                1,
                                events::TitleKind::learning_citizen,
                                events::CriteriaStatus::reported,
                                "324/QĐ-KHVN",
                                {},
                                {}};
  events::GroupVariant variant{events::GroupCode::farmer_rural, "Nông dân", {}, {}};
  for (std::uint8_t index = 0; index < 10; ++index) {
    const std::string competency = index < 4 ? "A" : index < 8 ? "B" : "C";
    const int within = index < 4 ? index : index < 8 ? index - 4 : index - 8;
    set.indicators.push_back(
        {competency + std::to_string(within + 1), competency, "Chỉ số", 100, 5});
    variant.indicators.push_back(index);
  }
  variant.rules = {{events::CriteriaRuleKind::total_at_least, 800},
                   {events::CriteriaRuleKind::each_indicator_at_least, 50}};
  set.groups.push_back(std::move(variant));
  return set;
}

/// The administrator's chain: one signed run that lays down the reference data.
class AdministratorRun {
 public:
  using DigestOf = std::function<events::Digest(const events::PrivateFields&)>;

  AdministratorRun(const events::SecretSeed& seed, events::PersonId administrator,
                   events::RoleGrantId grant, events::Position seen, events::Timestamp now,
                   DigestOf digest_of)
      : key_(events::SigningKey::from_seed(seed)),
        administrator_(administrator),
        grant_(grant),
        seen_(seen),
        now_(now),
        digest_of_(std::move(digest_of)) {}

  /// Makes the events that `act(draft, occasion)` adds, and returns what the act returns.
  template <class Act>
  auto perform(Act act) {
    const events::Day today = events::day_in_vietnam(now_);
    acts::Draft draft(nothing_, {events::ChainNumber{2}, events_.size() + 1});
    const auto done = act(draft, acts::Occasion{administrator_, [today] {
                                                  return acts::Stamp{today, {}};
                                                }});
    for (const clients::RecordRequest& request : draft.requests()) add(request);
    return done;
  }

  server::PushedRun finish(events::LogId log) {
    const events::PublicKey public_key = key_.public_key();
    const events::Digest start = events::chain_start(events::ChainNumber{2}, public_key);
    auto run = server::check_run(
        events::sign_block(log, events::ChainNumber{2}, 1, start, std::move(events_), key_),
        events::VerifyingKey::load(public_key).value(), now_, {});
    return std::move(run.value());
  }

 private:
  void add(const clients::RecordRequest& request) {
    events::Payload payload = request.payload;
    if (request.fields) clients::name_private_record(payload, digest_of_(*request.fields));
    events::EventHeader header;
    header.chain = events::ChainNumber{2};
    header.seq = events_.size() + 1;
    header.stream = {events::stream_kind_of(payload).value(), header.id()};
    header.seen = seen_;
    header.rules = events::RulesVersion{1};
    header.actor = administrator_;
    header.role_grant = grant_;
    header.recorded_at = now_;
    header.business_day = request.business_day;
    events_.push_back(events::make_event(header, std::move(payload)).canonical);
  }

  projections::State nothing_;
  events::SigningKey key_;
  events::PersonId administrator_;
  events::RoleGrantId grant_;
  events::Position seen_;
  events::Timestamp now_;
  DigestOf digest_of_;
  std::vector<events::Bytes> events_;
};

}  // namespace

Corpus::Corpus(std::uint64_t seed)
    : admin_seed_(seed_of(2)),
      device_seed_(seed_of(3)),
      device_key_(events::SigningKey::from_seed(device_seed_)),
      device_hash_(events::chain_start(device_chain_, device_key_.public_key())),
      random_(seed),
      now_(1'700'000'000'000) {}

std::uint64_t Corpus::draw(std::uint64_t limit) { return random_() % limit; }

events::SigningKey Corpus::server_key() { return events::SigningKey::from_seed(seed_of(1)); }

void Corpus::found(server::Pipeline& pipeline) {
  using events::EventId;
  const auto system_id = [](std::uint64_t seq) { return EventId{events::system_chain, seq}; };
  const events::PersonId administrator{system_id(2)};
  const events::RoleGrantId registrar_grant{system_id(3)};
  const events::PublicKey admin_key = events::SigningKey::from_seed(admin_seed_).public_key();
  std::vector<events::Payload> founding;
  founding.emplace_back(
      events::LogFounded{log(), "titles.example/bench", server_key().public_key()});
  founding.emplace_back(events::PersonIntroduced{});
  founding.emplace_back(
      events::RoleGranted{administrator, events::Role::registrar, {}, events::Day{}, {}, ""});
  founding.emplace_back(events::DeviceEnrolled{
      {}, "", events::ChainNumber{2}, admin_key, {administrator}, "Quản trị"});
  CHECK(pipeline.append_system(std::move(founding), now_), "an empty log takes its founding");

  AdministratorRun admin(admin_seed_, administrator, registrar_grant, pipeline.state().applied(),
                         now_, [this](const auto& fields) { return private_digest(fields); });
  const events::Day start = events::day_of({2020, 1, 1});
  const auto unit = [&](const acts::NewUnit& content) {
    return admin
        .perform(
            [&](auto& draft, const auto& now) { return acts::create_unit(draft, now, content); })
        .value();
  };
  const events::UnitId commune = unit(
      {events::UnitKind::commune, {}, "Xã Nà Tấu", "03316", events::AreaType::rural, start, ""});
  for (std::size_t number = 1; number <= hamlet_count; ++number) {
    hamlets_.push_back(unit({events::UnitKind::hamlet, commune, "Bản " + std::to_string(number), "",
                             events::AreaType::rural, start, ""}));
  }
  const auto organisation = [&](events::OrganisationKind kind, const std::string& name) {
    return admin
        .perform([&](auto& draft, const auto& now) {
          return acts::establish(draft, now, {kind, commune, name, start});
        })
        .value();
  };
  association_ = organisation(events::OrganisationKind::association, "Hội Khuyến học xã Nà Tấu");
  committee_ = organisation(events::OrganisationKind::committee, "Ủy ban nhân dân xã Nà Tấu");
  criteria_ = admin.perform(
      [](auto& draft, const auto& now) { return acts::publish_criteria(draft, now, criteria()); });
  const events::Phase open{start, events::day_of({2099, 12, 31})};
  const acts::NewCycle cycle{events::TitleKind::learning_citizen,
                             criteria_,
                             "2026",
                             events::CycleKind::annual,
                             open,
                             open,
                             open,
                             open,
                             open,
                             events::LatePolicy::refuse,
                             events::DeadlineBasis::received,
                             0,
                             events::day_of({2026, 12, 31})};
  cycle_ = admin
               .perform([&](auto& draft, const auto& now) {
                 return acts::open_cycle(draft, now, cycle);
               })
               .value();
  using enum events::Role;
  for (const events::Role role : {proxy_entrant, branch_head, commune_assoc_chair,
                                  events::Role::appraiser, events::Role::signer}) {
    const acts::NewPerson officer{{"Lò Văn Cán", {1980, 0, 0}, 3, "", ""},
                                  events::Gender::male,
                                  events::AgeBand::from_45_to_59,
                                  commune,
                                  {}};
    const auto person = admin.perform(
        [&](auto& draft, const auto& now) { return acts::introduce(draft, now, officer); });
    persons_.push_back(person.value());
    const acts::NewGrant grant{persons_.back(), role, commune, start, {}, ""};
    const auto granted = admin.perform(
        [&](auto& draft, const auto& now) { return acts::grant_role(draft, now, grant); });
    grants_.push_back(granted.value());
  }
  const std::string code = "0123456789ABCDEF";
  const acts::NewOffer offered{persons_, events::sha256(events::bytes_of(code)),
                               events::Timestamp{now_.value * 2}};
  const events::OfferId offer = admin.perform(
      [&](auto& draft, const auto& now) { return acts::offer_enrolment(draft, now, offered); });
  std::vector<server::PushedRun> runs;
  runs.push_back(admin.finish(log()));
  const auto outcomes = pipeline.commit(runs, now_);
  CHECK(outcomes && std::holds_alternative<events::protocol::PushAck>(outcomes->front()),
        "the administrator's run follows the founding");
  std::vector<events::Payload> enrolment;
  enrolment.emplace_back(events::DeviceEnrolled{offer, code, device_chain_,
                                                device_key_.public_key(), persons_, "Máy xã"});
  CHECK(pipeline.append_system(std::move(enrolment), now_), "the code is right");
  seen_ = pipeline.state().applied();
}

events::Digest Corpus::private_digest(const events::PrivateFields& fields) {
  std::array<std::uint8_t, 16> salt{};
  const std::uint64_t number = ++salts_;
  for (std::size_t index = 0; index < 8; ++index) {
    salt[index] = static_cast<std::uint8_t>(number >> (8 * index));
  }
  const events::PrivateRecord record = events::make_private_record(salt, fields);
  CHECK(private_store_.put({&record, 1}), "memory does not fail");
  return record.digest();
}

template <class Act>
void Corpus::perform(Officer officer, Act act) {
  acts::Draft draft(nothing_, {device_chain_, device_seq_ + 1});
  const events::Day today = events::day_in_vietnam(now_);
  act(draft, acts::Occasion{persons_[officer], [today] { return acts::Stamp{today, {}}; }});
  for (const clients::RecordRequest& request : draft.requests()) add(officer, request);
}

void Corpus::add(Officer officer, const clients::RecordRequest& request) {
  events::Payload payload = request.payload;
  // The minutes of the corpus are on paper only.
  const bool has_record =
      request.fields && !std::holds_alternative<events::MinutesRecord>(*request.fields);
  if (has_record) clients::name_private_record(payload, private_digest(*request.fields));
  // What follows on one screen comes together; otherwise somebody reads paper and types.
  now_ = events::Timestamp{now_.value + (draw(3) == 0 ? draw(50) : 5'000 + draw(120'000))};
  events::EventHeader header;
  header.chain = device_chain_;
  header.seq = ++device_seq_;
  header.stream = request.about.value_or(
      events::StreamId{events::stream_kind_of(payload).value(), header.id()});
  header.seen = seen_;
  header.rules = events::RulesVersion{1};
  header.actor = persons_[officer];
  header.role_grant = grants_[officer];
  header.recorded_at = now_;
  header.business_day = events::day_in_vietnam(now_);
  ready_.push_back(events::make_event(header, std::move(payload)).canonical);
  bytes_ += ready_.back().size();
  ++events_;
}

void Corpus::start_life() {
  const std::uint64_t number = ++dossiers_;
  acts::NewPerson citizen;
  citizen.record = {"Lò Thị Mai", {1990, 3, 12}, 3, "", ""};
  citizen.home = hamlets_[(number - 1) / meeting_size % hamlet_count];
  citizen.gender = draw(2) == 0 ? events::Gender::female : events::Gender::male;
  citizen.age_band = static_cast<events::AgeBand>(
      static_cast<std::uint64_t>(events::AgeBand::from_25_to_34) + draw(4));
  acts::Registration registration;
  registration.subject.kind = events::SubjectKind::person;
  perform(entrant, [&](auto& draft, const auto& now) {
    registration.subject.id = acts::introduce(draft, now, citizen).value().event;
  });
  registration.cycle = cycle_;
  registration.group = events::GroupCode::farmer_rural;
  registration.home = citizen.home;
  registration.declaration.consent_purposes = events::consent_assess;
  registration.declaration.confirmation = events::Confirmation::subject_present;
  events::DossierId dossier;
  perform(entrant, [&](auto& draft, const auto& now) {
    dossier = acts::register_dossier(draft, now, registration).value();
  });
  perform(head, [&](auto& draft, const auto& now) { acts::accept(draft, now, {&dossier, 1}); });
  const std::uint64_t papers = 1 + draw(4);
  for (std::uint64_t paper = 0; paper < papers; ++paper) {
    acts::Evidence evidence;
    evidence.dossier = dossier;
    evidence.kind = static_cast<events::EvidenceKind>(1 + draw(4));
    evidence.document_day =
        events::Day{events::day_in_vietnam(now_).value - static_cast<std::uint32_t>(draw(400))};
    evidence.indicators = 1U << draw(10);
    evidence.record = {"Giấy khen", "Xã", ""};
    perform(head, [&](auto& draft, const auto& now) {
      acts::sight_evidence(draft, now, evidence).value();
    });
  }
  acts::Scores scores{criteria_, std::vector<std::uint16_t>(10)};
  std::uint16_t total = 0;
  for (std::uint16_t& score : scores.scores_tenths) {
    score = static_cast<std::uint16_t>(80 + 5 * draw(5));
    total = static_cast<std::uint16_t>(total + score);
  }
  perform(entrant,
          [&](auto& draft, const auto& now) { acts::record_scores(draft, now, dossier, scores); });
  assessed_.push_back(dossier);
  totals_tenths_.push_back(total);
}

void Corpus::refill() {
  start_life();
  if (assessed_.size() < meeting_size) return;

  acts::Meeting meeting;
  meeting.unit = hamlets_[(dossiers_ - 1) / meeting_size % hamlet_count];
  meeting.invited = 30;
  meeting.present = 25;
  for (const events::DossierId dossier : assessed_) {
    meeting.entries.push_back({dossier, events::ReviewConclusion::proposed, 25, 0});
  }
  perform(head,
          [&](auto& draft, const auto& now) { acts::hold_meeting(draft, now, meeting).value(); });
  perform(chair, [&](auto& draft, const auto& now) {
    acts::submit(draft, now, {association_, "05/TTr-HKH", assessed_}).value();
  });
  for (std::size_t index = 0; index < assessed_.size(); ++index) {
    const acts::Appraisal appraisal{assessed_[index], events::AppraisalOutcome::qualified,
                                    totals_tenths_[index]};
    perform(appraiser,
            [&](auto& draft, const auto& now) { acts::appraise(draft, now, appraisal); });
  }
  const acts::Recognition recognition{committee_, ++decision_number_, "QĐ-UBND",
                                      events::SigningCapacity::tm, assessed_};
  perform(signer,
          [&](auto& draft, const auto& now) { acts::recognise(draft, now, recognition).value(); });
  assessed_.clear();
  totals_tenths_.clear();
}

events::DeviceBlock Corpus::next_block(std::size_t count) {
  while (ready_.size() < count) refill();
  // Minutes and lists are long: a block also ends at its byte limit.
  std::size_t taken = 0;
  for (std::size_t bytes = 0; taken < count; ++taken) {
    bytes += ready_[taken].size();
    if (bytes > events::block_bytes_max) break;
  }
  const auto end = ready_.begin() + static_cast<std::ptrdiff_t>(taken);
  std::vector<events::Bytes> events(std::make_move_iterator(ready_.begin()),
                                    std::make_move_iterator(end));
  ready_.erase(ready_.begin(), end);
  const events::Digest previous = device_hash_;
  device_hash_ = events::hash_after(previous, events);
  const std::uint64_t first = handed_out_ + 1;
  handed_out_ += events.size();
  return events::sign_block(log(), device_chain_, first, previous, std::move(events), device_key_);
}

server::PushedRun Corpus::next_run(std::size_t count) {
  auto run = server::check_run(
      next_block(count), events::VerifyingKey::load(device_key_.public_key()).value(), now_, {});
  return std::move(run.value());
}

}  // namespace bench
