#include "tests/support/event_builders.h"

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/log/merkle.h"

#include <optional>
#include <type_traits>
#include <utility>

namespace test_support {
namespace {

using namespace events;

std::uint8_t digit_of(char letter) {
  if (letter >= '0' && letter <= '9') return static_cast<std::uint8_t>(letter - '0');
  CHECK(letter >= 'a' && letter <= 'f', "golden files hold lower-case hexadecimal digits");
  return static_cast<std::uint8_t>(letter - 'a' + 10);
}

Phase months(std::uint32_t first_month) {
  return {Day{a_day.value + 30 * first_month}, Day{a_day.value + 30 * first_month + 29}};
}

Verdict a_hold() {
  return {VerdictCode::held, 0, HoldReason::conflict, Rule::o_conflict, {12}, RulesVersion{1}};
}

}  // namespace

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  std::optional<std::uint8_t> high;
  for (const char letter : hex) {
    if (letter == ' ' || letter == '\n') continue;
    if (high) {
      bytes.push_back(static_cast<std::uint8_t>(*high << 4U | digit_of(letter)));
      high.reset();
    } else {
      high = digit_of(letter);
    }
  }
  CHECK(!high, "two digits make a byte");
  return bytes;
}

SigningKey a_key(std::uint8_t byte) {
  SecretSeed seed;
  seed.bytes.fill(byte);
  return SigningKey::from_seed(seed);
}

Digest a_digest(std::uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

Verdict an_acceptance() {
  return {VerdictCode::accepted, 0, HoldReason::none, Rule::none, {}, RulesVersion{1}};
}

Verdict a_refusal() {
  return {VerdictCode::refused, flag_late, HoldReason::none,
          Rule::t_step,         {-3, 61},  RulesVersion{1}};
}

LogFounded a_founding() { return {a_log, "titles.example/default", a_key(1).public_key()}; }

UnitCreated a_commune() {
  return {UnitKind::commune, UnitId{EventId{ChainNumber{2}, 1}},
          "Xã Nà Tấu",       "03316",
          AreaType::rural,   a_day,
          "1661/NQ-UBTVQH15"};
}

CriteriaPublished a_criteria_set() {
  CriteriaPublished criteria;
  criteria.code = "CDHT-324-2022";
  criteria.version = 1;
  criteria.title = TitleKind::learning_citizen;
  criteria.status = CriteriaStatus::reported;
  criteria.basis = "Quyết định 324/QĐ-KHVN";
  criteria.indicators = {{"A1", "A", "Tự học", 100, 5}, {"B1", "B", "Kỹ năng số", 100, 5}};
  criteria.groups = {
      {GroupCode::farmer_rural,
       "Nông dân",
       {0, 1},
       {{CriteriaRuleKind::total_at_least, 150}, {CriteriaRuleKind::each_indicator_at_least, 50}}}};
  return criteria;
}

CycleOpened a_cycle() {
  CycleOpened cycle;
  cycle.title = TitleKind::learning_citizen;
  cycle.criteria = citizen_criteria;
  cycle.label = "2025";
  cycle.kind = CycleKind::annual;
  cycle.registration = months(0);
  cycle.self_assessment = months(1);
  cycle.review = months(2);
  cycle.appraisal = months(3);
  cycle.decision = months(4);
  cycle.late_policy = LatePolicy::accept_if_declared_in_time;
  cycle.deadline_basis = DeadlineBasis::declared;
  cycle.grace_days = 15;
  cycle.reference_day = a_day;
  return cycle;
}

RoleGranted a_role() {
  return {officer, Role::branch_head, hamlet, a_day, Day{a_day.value + 365}, "12/QĐ-HKH"};
}

PersonIntroduced a_person() {
  return {hamlet, CollectiveId{EventId{a_chain, 3}}, Gender::female, AgeBand::from_35_to_44,
          a_private_record(a_person_record()).digest()};
}

DossierOpened a_dossier() {
  return {{SubjectKind::person, citizen.event}, cycle_2025, GroupCode::farmer_rural, hamlet};
}

DossierRegistered a_registration() {
  return {LawfulBasis::consent, consent_assess | consent_statistics, Confirmation::subject_present,
          ProxyReason::none, std::nullopt};
}

SelfAssessmentRecorded a_score_sheet() { return {citizen_criteria, {85, 70}, 155}; }

ReviewHeld a_meeting() {
  return {hamlet, officer, 40, 32, {{dossier, ReviewConclusion::proposed, 31, 1}}, a_digest(0x33)};
}

DecisionIssued a_decision() {
  return {committee, 12, 2025, "QĐ-UBND", SigningCapacity::kt, {dossier}};
}

TitleGranted a_grant() { return {decision}; }

EvidenceAttached an_attachment() {
  return {EvidenceKind::certificate,
          3,
          a_day,
          {a_digest(0x6A), 300'000, MediaType::jpeg},
          ThumbnailFile{a_digest(0x6B), 7'000},
          a_digest(0x6C)};
}

EvidenceStored a_stored_file() {
  return {EventId{a_chain, 4}, FilePart::thumbnail, a_digest(0x6B), 7'000};
}

std::vector<Payload> one_of_each_kind() {
  const OfferId offer{EventId{ChainNumber{2}, 10}};
  return {
      a_founding(),
      RulesAdopted{RulesVersion{2}},
      LogRestored{Position{196'204}, Position{196'234}, Epoch{1}, Epoch{2}},
      SealingKeyPublished{sealing_key_of(SealingSecret{a_digest(0x51).bytes})},
      ClockCorrected{Timestamp{a_moment.value + 172'800'000}, a_moment},
      a_commune(),
      UnitRenamed{commune, "Phường Nà Tấu", "03317", UnitId{EventId{ChainNumber{2}, 1}}, a_day,
                  "12/NQ-HĐND"},
      UnitClosed{hamlet, a_day, {commune, UnitId{EventId{ChainNumber{2}, 11}}}, "12/NQ-HĐND"},
      UnitsChanged{"1661/NQ-UBTVQH15",
                   a_day,
                   {{commune, UnitId{EventId{ChainNumber{2}, 11}}, {hamlet}},
                    {commune, UnitId{EventId{ChainNumber{2}, 12}}, {}}}},
      OrganisationEstablished{OrganisationKind::association, commune, "Hội Khuyến học xã Nà Tấu",
                              a_day},
      a_criteria_set(),
      a_cycle(),
      PhaseClosed{cycle_2025, CyclePhase::registration},
      a_role(),
      RoleRevoked{officer_grant, a_day, "13/QĐ-HKH"},
      EnrolmentOffered{{officer}, a_digest(0x44), Timestamp{a_moment.value + 86'400'000}},
      DeviceEnrolled{offer,
                     "A1B2C3D4E5F6G7H8",
                     a_chain,
                     a_key().public_key(),
                     {officer},
                     "Laptop Hội Khuyến học xã"},
      DeviceRevoked{DeviceId{EventId{ChainNumber{1}, 5}}, "Mất máy"},
      ChainContinued{ChainNumber{7},
                     69,
                     ChainNumber{9},
                     a_key(8).public_key(),
                     {officer},
                     "Laptop",
                     a_key().sign(bytes_of("proof"))},
      BranchContinued{ChainNumber{7}, 70, 75, a_digest(7)},
      a_person(),
      CollectiveIntroduced{CollectiveKind::household, hamlet, citizen, 5, a_digest(0x55)},
      a_dossier(),
      a_registration(),
      RegistrationAccepted{},
      DossierReturned{ReturnReason::missing_evidence, DossierState::accepted, a_digest(0x66)},
      DossierResubmitted{a_digest(0x67)},
      a_score_sheet(),
      EvidenceSighted{EvidenceKind::certificate, 3, a_day, a_digest(0x68)},
      DossierWithdrawn{a_digest(0x69)},
      an_attachment(),
      a_stored_file(),
      a_meeting(),
      DossierReviewed{meeting, ReviewConclusion::proposed},
      ListSubmitted{association, "05/TTr-HKH", 1, {dossier}},
      DossierSubmitted{submitted_list},
      DossierAppraised{AppraisalOutcome::qualified, 155},
      a_decision(),
      a_grant(),
      DossierNotRecognized{{NotRecognizedReason::below_total, NotRecognizedReason::other}},
      HoldReleased{Position{12}, an_acceptance()},
      HoldRefused{Position{12}, a_refusal()},
      HoldChanged{Position{12}, a_hold()},
      ScopePurged{DeviceId{EventId{ChainNumber{1}, 5}}, Position{9}, {commune}, 3, a_digest(4), {}},
      QuotaRaised{DeviceId{EventId{ChainNumber{1}, 5}}, a_day, 5},
  };
}

EventHeader a_header(std::uint64_t seq, ChainNumber chain) {
  EventHeader header;
  header.chain = chain;
  header.seq = seq;
  header.stream = {StreamKind::dossier, dossier.event};
  header.seen = Position{11};
  header.rules = RulesVersion{1};
  header.actor = officer;
  header.role_grant = officer_grant;
  header.recorded_at = Timestamp{a_moment.value + seq * 1000};
  header.business_day = a_day;
  return header;
}

Event an_event(Payload payload, std::uint64_t seq, ChainNumber chain) {
  EventHeader header = a_header(seq, chain);
  header.stream.kind = stream_kind_of(payload).value_or(StreamKind::dossier);
  if (creates_its_stream(payload)) header.stream.id = header.id();
  return make_event(header, std::move(payload));
}

std::vector<Bytes> some_events(std::size_t count, std::uint64_t first_seq) {
  std::vector<Bytes> canonical;
  for (std::size_t index = 0; index < count; ++index) {
    canonical.push_back(an_event(a_registration(), first_seq + index).canonical);
  }
  return canonical;
}

PersonRecord a_person_record() {
  return {"Lò Thị Ánh", PartialDate{1990, 0, 0}, 3, "011190000123", "+84912345678"};
}

PrivateRecord a_private_record(const PrivateFields& fields, std::uint8_t salt) {
  std::array<std::uint8_t, 16> bytes{};
  bytes.fill(salt);
  return make_private_record(bytes, fields);
}

DeviceBlock a_device_block(std::size_t count) {
  const SigningKey key = a_key();
  return sign_block(a_log, a_chain, 1, chain_start(a_chain, key.public_key()), some_events(count),
                    key);
}

StoredBlock a_stored_block(std::size_t count, Position first) {
  DeviceBlock pushed = a_device_block(count);
  StoredBlock block;
  block.log = pushed.log;
  block.epoch = Epoch{1};
  block.first = first;
  block.received_at = Timestamp{a_moment.value + 3'600'000};
  block.chain = pushed.chain;
  block.first_seq = pushed.first_seq;
  block.previous = pushed.previous;
  block.scope = ScopeSet{commune};
  block.run = RunSignature{pushed.first_seq, pushed.signature};
  block.root_after = a_digest(0x77);
  for (Bytes& canonical : pushed.events) {
    block.entries.push_back({Intake{-2, 1, 0}, std::move(canonical), an_acceptance()});
  }
  return block;
}

Bytes payload_bytes(const Payload& payload) {
  Bytes bytes;
  CompactOutput archive(bytes);
  std::visit(
      [&]<class T>(const T& fields) {
        if constexpr (!std::is_same_v<T, UnknownPayload>) {
          // serialize() reads and writes; writing does not change the fields.
          const_cast<T&>(fields).serialize(archive, schema_to_write(fields));
        }
      },
      static_cast<const PayloadVariant&>(payload));
  return bytes;
}

Event in_newer_schema(const Event& event, std::uint32_t schema, const Bytes& more) {
  EventHeader header = event.header;
  header.schema = schema;
  Bytes fields = payload_bytes(event.payload);
  fields.insert(fields.end(), more.begin(), more.end());
  Bytes canonical;
  CompactOutput archive(canonical);
  archive.write_byte(event_form);
  archive(header, bounded<event_bytes_max>(fields));
  return *read_event(std::move(canonical));
}

}  // namespace test_support
