#include "tools/bench/corpus.h"

#include "events/base/check.h"

#include <string>
#include <utility>

namespace bench {
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
  AdministratorRun(const events::SecretSeed& seed, events::PersonId administrator,
                   events::RoleGrantId grant, events::Position seen, events::Timestamp now)
      : key_(events::SigningKey::from_seed(seed)),
        administrator_(administrator),
        grant_(grant),
        seen_(seen),
        now_(now) {}

  events::EventId add(events::Payload payload) {
    events::EventHeader header;
    header.chain = events::ChainNumber{2};
    header.seq = events_.size() + 1;
    header.stream = {events::stream_kind_of(payload).value(), header.id()};
    header.seen = seen_;
    header.rules = events::RulesVersion{1};
    header.actor = administrator_;
    header.role_grant = grant_;
    header.recorded_at = now_;
    header.business_day = events::day_in_vietnam(now_);
    events_.push_back(events::make_event(header, std::move(payload)).canonical);
    return header.id();
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
  events::SigningKey key_;
  events::PersonId administrator_;
  events::RoleGrantId grant_;
  events::Position seen_;
  events::Timestamp now_;
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
                         now_);
  const events::Day start = events::day_of({2020, 1, 1});
  const events::UnitId commune{admin.add(events::UnitCreated{
      events::UnitKind::commune, {}, "Xã Nà Tấu", "03316", events::AreaType::rural, start, ""})};
  for (std::size_t number = 1; number <= hamlet_count; ++number) {
    hamlets_.emplace_back(admin.add(events::UnitCreated{events::UnitKind::hamlet, commune,
                                                        "Bản " + std::to_string(number), "",
                                                        events::AreaType::rural, start, ""}));
  }
  association_ = events::OrganisationId{admin.add(events::OrganisationEstablished{
      events::OrganisationKind::association, commune, "Hội Khuyến học xã Nà Tấu", start})};
  committee_ = events::OrganisationId{admin.add(events::OrganisationEstablished{
      events::OrganisationKind::committee, commune, "Ủy ban nhân dân xã Nà Tấu", start})};
  criteria_ = events::CriteriaId{admin.add(criteria())};
  const events::Phase open{start, events::day_of({2099, 12, 31})};
  cycle_ = events::CycleId{admin.add(events::CycleOpened{
      events::TitleKind::learning_citizen, criteria_, "2026", events::CycleKind::annual, open, open,
      open, open, open, events::LatePolicy::refuse, events::DeadlineBasis::received, 0,
      events::day_of({2026, 12, 31})})};
  using enum events::Role;
  for (const events::Role role : {proxy_entrant, branch_head, commune_assoc_chair,
                                  events::Role::appraiser, events::Role::signer}) {
    const events::PersonRecord record{"Lò Văn Cán", {1980, 0, 0}, 3, "", ""};
    const events::PersonId person{admin.add(events::PersonIntroduced{commune,
                                                                     {},
                                                                     events::Gender::male,
                                                                     events::AgeBand::from_45_to_59,
                                                                     private_digest(record)})};
    persons_.push_back(person);
    grants_.emplace_back(admin.add(events::RoleGranted{person, role, commune, start, {}, ""}));
  }
  const std::string code = "0123456789ABCDEF";
  const events::OfferId offer{admin.add(events::EnrolmentOffered{
      persons_, events::sha256(events::bytes_of(code)), events::Timestamp{now_.value * 2}})};
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

events::EventId Corpus::add(Officer officer, events::Payload payload,
                            const events::StreamId* about) {
  // What follows on one screen comes together; otherwise somebody reads paper and types.
  now_ = events::Timestamp{now_.value + (draw(3) == 0 ? draw(50) : 5'000 + draw(120'000))};
  events::EventHeader header;
  header.chain = device_chain_;
  header.seq = ++device_seq_;
  header.stream = about != nullptr
                      ? *about
                      : events::StreamId{events::stream_kind_of(payload).value(), header.id()};
  header.seen = seen_;
  header.rules = events::RulesVersion{1};
  header.actor = persons_[officer];
  header.role_grant = grants_[officer];
  header.recorded_at = now_;
  header.business_day = events::day_in_vietnam(now_);
  ready_.push_back(events::make_event(header, std::move(payload)).canonical);
  bytes_ += ready_.back().size();
  ++events_;
  return header.id();
}

void Corpus::start_life() {
  const std::uint64_t number = ++dossiers_;
  const events::UnitId hamlet = hamlets_[(number - 1) / meeting_size % hamlet_count];
  const events::PersonRecord record{"Lò Thị Mai", {1990, 3, 12}, 3, "", ""};
  const auto gender = draw(2) == 0 ? events::Gender::female : events::Gender::male;
  const auto age_band = static_cast<events::AgeBand>(
      static_cast<std::uint64_t>(events::AgeBand::from_25_to_34) + draw(4));
  const events::PersonId person{
      add(entrant, events::PersonIntroduced{hamlet, {}, gender, age_band, private_digest(record)})};
  const events::EventId opened =
      add(entrant, events::DossierOpened{{events::SubjectKind::person, person.event},
                                         cycle_,
                                         events::GroupCode::farmer_rural,
                                         hamlet});
  const events::StreamId dossier{events::StreamKind::dossier, opened};
  add(entrant,
      events::DossierRegistered{events::LawfulBasis::consent,
                                events::consent_assess,
                                events::Confirmation::subject_present,
                                events::ProxyReason::none,
                                {}},
      &dossier);
  add(head, events::RegistrationAccepted{}, &dossier);
  const std::uint64_t papers = 1 + draw(4);
  for (std::uint64_t paper = 0; paper < papers; ++paper) {
    const events::Digest digest = private_digest(events::EvidenceRecord{"Giấy khen", "Xã", ""});
    const auto kind = static_cast<events::EvidenceKind>(1 + draw(4));
    const events::Day day{events::day_in_vietnam(now_).value -
                          static_cast<std::uint32_t>(draw(400))};
    add(head, events::EvidenceSighted{kind, 1U << draw(10), day, digest}, &dossier);
  }
  std::vector<std::uint16_t> scores(10);
  std::uint16_t total = 0;
  for (std::uint16_t& score : scores) {
    score = static_cast<std::uint16_t>(80 + 5 * draw(5));
    total = static_cast<std::uint16_t>(total + score);
  }
  add(entrant, events::SelfAssessmentRecorded{criteria_, std::move(scores), total}, &dossier);
  assessed_.emplace_back(opened);
  totals_tenths_.push_back(total);
}

void Corpus::refill() {
  start_life();
  if (assessed_.size() < meeting_size) return;

  const auto for_each = [this](Officer officer, const auto& payload) {
    for (const events::DossierId dossier : assessed_) {
      const events::StreamId stream{events::StreamKind::dossier, dossier.event};
      add(officer, payload, &stream);
    }
  };
  events::ReviewHeld minutes{
      hamlets_[(dossiers_ - 1) / meeting_size % hamlet_count], {}, 30, 25, {}, {}};
  for (const events::DossierId dossier : assessed_) {
    minutes.entries.push_back({dossier, events::ReviewConclusion::proposed, 25, 0});
  }
  const events::MeetingId meeting{add(head, std::move(minutes))};
  for_each(head, events::DossierReviewed{meeting, events::ReviewConclusion::proposed});
  const events::ListId list{
      add(chair, events::ListSubmitted{association_, "05/TTr-HKH",
                                       static_cast<std::uint16_t>(assessed_.size()), assessed_})};
  for_each(chair, events::DossierSubmitted{list});
  for (std::size_t index = 0; index < assessed_.size(); ++index) {
    const events::StreamId stream{events::StreamKind::dossier, assessed_[index].event};
    add(appraiser,
        events::DossierAppraised{events::AppraisalOutcome::qualified, totals_tenths_[index]},
        &stream);
  }
  const auto year =
      static_cast<std::uint16_t>(events::calendar_date(events::day_in_vietnam(now_)).year);
  const events::DecisionId decision{
      add(signer, events::DecisionIssued{committee_, ++decision_number_, year, "QĐ-UBND",
                                         events::SigningCapacity::tm, assessed_})};
  for_each(signer, events::TitleGranted{decision});
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
