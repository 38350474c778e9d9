// Writes a script of N random calls of a page, as its officers might make them, with the answers of
// this build: run_script.mjs plays it in the browser's module and must get the same answers.  With
// "held" the device's key is one that a browser holds: what it signs stands in the script, and the
// seed beside it, so that the browser's own cryptography can sign the same.

#include "clients/web/bindings/page_calls.h"
#include "events/base/check.h"
#include "events/crypto/digest.h"
#include "events/log/memory_event_log.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/greeting_proof.h"
#include "projections/policy/steps.h"
#include "server/commit/pipeline.h"
#include "tools/bench/corpus.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace web = clients::web;

constexpr std::array<std::uint8_t, 32> master{7};
constexpr std::uint64_t log_events = 4'000;
/// Under whose key the records lie; which one makes no difference here.
constexpr events::UnitId a_commune{events::EventId{events::ChainNumber{2}, 3}};

/// What both builds draw instead of random bytes: the high byte of a linear congruence.
class Draws {
 public:
  std::array<std::uint8_t, 32> operator()() {
    std::array<std::uint8_t, 32> drawn{};
    for (std::uint8_t& byte : drawn) {
      state_ = state_ * 1'664'525U + 1'013'904'223U;
      byte = static_cast<std::uint8_t>(state_ >> 24U);
    }
    return drawn;
  }

 private:
  std::uint32_t state_ = 1;
};

void append_number(events::Bytes& target, std::size_t number, int bytes) {
  for (int index = 0; index < bytes; ++index) {
    target.push_back(static_cast<std::uint8_t>(number & 0xFFU));
    number >>= 8U;
  }
}

void append_counted(events::Bytes& target, std::string_view text, int width = 4) {
  append_number(target, text.size(), width);
  events::append_bytes(target, events::bytes_of(text));
}

std::string_view text_of(events::ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A device of the corpus's commune that has the whole log.
events::Bytes rows_of_device(bench::Corpus& corpus, bool is_held) {
  events::MemoryEventLog log(events::LogId{1}, events::Epoch{1});
  server::Pipeline pipeline(log, corpus.private_store(), bench::Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus.found(pipeline);
  while (corpus.events_made() < log_events) {
    std::vector<server::PushedRun> runs;
    runs.push_back(corpus.next_run(100));
    CHECK(pipeline.commit(runs, corpus.now()), "memory takes it");
  }
  clients::StoreChange change;
  change.identity.emplace();
  const events::SigningKey key = events::SigningKey::from_seed(corpus.device_seed());
  change.identity->set_key(is_held ? clients::DeviceKey{key.public_key()}
                                   : clients::DeviceKey{corpus.device_seed()});
  change.identity->log = corpus.log();
  change.identity->chain = corpus.device_chain();
  change.identity->server_key = bench::Corpus::server_key().public_key();
  change.own_first_seq = 1;
  events::ReaderScope everything;
  everything.whole_log = true;
  for (events::Position position;;) {
    events::Position scanned;
    const auto encoded = log.next_block(everything, position, &scanned);
    if (!encoded || !*encoded) break;
    const events::StoredBlock block = *events::decode_stored_block(**encoded);
    position = block.last();
    change.pull = clients::PullState{
        {events::Epoch{1}, position, *events::fingerprint_at(log, position)}, position, everything};
    const std::vector<events::StoredEvent> stored = *events::stored_events(block);
    for (const events::StoredEvent& each : stored) {
      const auto* const enrolled = std::get_if<events::DeviceEnrolled>(&each.event.payload);
      if (enrolled == nullptr || enrolled->chain != corpus.device_chain()) continue;
      change.identity->persons = enrolled->persons;
    }
    if (block.chain != corpus.device_chain()) {
      change.foreign.push_back({block.first, **encoded});
      continue;
    }
    for (const events::StoredEvent& each : stored) {
      change.own.push_back({each.event.canonical, block.scope, each.intake.content});
      const auto digest = events::private_digest_of(each.event.payload);
      if (!digest) continue;
      change.privates.push_back({a_commune, corpus.private_store().get(*digest)->value()});
    }
    change.cuts.push_back(block.last_seq());
    change.receipts.push_back(events::receipt_of(block));
  }
  clients::MemoryRows rows;
  Draws draws;
  clients::RowKeyring keys(rows, draws);
  CHECK(keys.unlock(events::SecretKey{master}), "no key is sealed yet");
  clients::RowStore store(rows, keys);
  CHECK(store.commit(change), "memory takes it");
  return web::packed(rows.take_changes());
}

events::Bytes bytes_of_digits(std::string_view digits) {
  events::Bytes bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(digits.substr(at, 2)), nullptr, 16)));
  }
  return bytes;
}

void write_file(const std::string& path, std::string_view bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  CHECK(file != nullptr, "the file can be written");
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
}

using Given = std::vector<std::pair<std::string, std::string>>;

/// The script so far, the device that has played it, and a digest of what it answered.
class Script {
 public:
  /// `seed`: of the key that a browser holds.
  explicit Script(const events::SecretSeed& seed)
      : key_(events::SigningKey::from_seed(seed)), device_([this] { return draws_(); }) {}

  /// With what has to be signed for it.
  std::string call(std::string_view name, const Given& given, std::uint64_t now) {
    said_.clear();
    std::string answer = step(name, given, now);
    Given signatures;
    while (awaits_) {
      for (const std::string& request : requests_in(answer)) {
        signatures.emplace_back("signature", signed_by_browser(request));
      }
      answer = step("push", signatures, now);
    }
    return answer;
  }

  clients::Workspace& workspace() { return device_.workspace(); }
  const clients::Replica& replica() { return device_.replica(); }
  /// The frames of the last call.
  const events::Bytes& said() const { return said_; }
  const events::Bytes& bytes() const { return bytes_; }
  const events::Digest& answers() const { return answers_; }
  std::uint64_t calls() const { return calls_; }
  std::uint64_t signatures() const { return signatures_; }
  double seconds() const { return seconds_; }

 private:
  static std::vector<std::string> requests_in(std::string_view answer) {
    constexpr std::string_view name = "\"to_sign\": [\"";
    std::string_view rest = answer.substr(answer.find(name) + name.size());
    std::vector<std::string> requests;
    for (rest = rest.substr(0, rest.find(']')); !rest.empty();) {
      const std::size_t end = rest.find('"');
      requests.emplace_back(rest.substr(0, end));
      const std::size_t next = rest.find('"', end + 1);
      rest = next == rest.npos ? std::string_view{} : rest.substr(next + 1);
    }
    return requests;
  }

  std::string signed_by_browser(const std::string& request) {
    ++signatures_;
    const events::Bytes bytes = bytes_of_digits(request);
    const events::Signature signature = key_.sign(events::ByteView(bytes).subspan(32));
    std::string answer(signature.bytes.begin(), signature.bytes.end());
    return answer.append(text_of(bytes));
  }

  std::string step(std::string_view name, const Given& given, std::uint64_t now) {
    events::Bytes input;
    append_counted(input, "now", 2);
    append_counted(input, std::to_string(now));
    for (const auto& [field, value] : given) {
      append_counted(input, field, 2);
      append_counted(input, value);
    }
    append_counted(bytes_, name);
    append_counted(bytes_, text_of(input));
    ++calls_;
    for (const web::NamedCall& each : web::page_calls()) {
      if (each.name != name) continue;
      const auto begun = std::chrono::steady_clock::now();
      const web::Reply reply = web::make_call(each, device_, input);
      const events::Bytes rows = web::packed_changes(device_);
      seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
      events::Bytes answer(answers_.bytes.begin(), answers_.bytes.end());
      events::append_bytes(answer, events::bytes_of(reply.json));
      // Runs are packed otherwise in a browser, which has no compressor; what is signed of them,
      // and the rows, are the same.
      holds_runs_ = name == "frames" || (name == "push" && holds_runs_);
      if (!holds_runs_) events::append_bytes(answer, reply.bytes);
      events::append_bytes(answer, rows);
      answers_ = events::sha256(answer);
      awaits_ = reply.awaits_signatures;
      events::append_bytes(said_, reply.bytes);
      return reply.json;
    }
    CHECK(false, "the call is known");
  }

  Draws draws_;
  events::SigningKey key_;
  web::PageDevice device_;
  events::Bytes bytes_;
  events::Digest answers_;
  events::Bytes said_;
  bool awaits_ = false;
  bool holds_runs_ = false;  ///< The bytes of the last call.
  std::uint64_t calls_ = 0;
  std::uint64_t signatures_ = 0;
  double seconds_ = 0;
};

/// A connection on which the server proves itself, challenges, and has nothing new.
void meet(Script& script, const bench::Corpus& corpus, std::uint64_t now) {
  namespace protocol = events::protocol;
  script.call("greet", {{"live", "1"}}, now);
  const auto frames = protocol::read_frames(script.said());
  CHECK(frames && frames->size() == 1, "a greeting");
  const clients::OfflineLog& own = script.replica().own();
  protocol::Welcome welcome;
  welcome.session = 1;
  welcome.server_time = events::Timestamp{now};
  welcome.log = corpus.log();
  welcome.epoch = events::Epoch{1};
  welcome.head = script.replica().pull().cursor.position;
  welcome.accepted_seq = own.verdicts_known();
  welcome.accepted_hash = own.hash_at(welcome.accepted_seq);
  welcome.scope = script.replica().pull().scope;
  welcome.challenge.assign(protocol::challenge_size, static_cast<std::uint8_t>(now));
  protocol::sign(welcome, bench::Corpus::server_key(),
                 protocol::greeting_digest(std::get<protocol::Hello>(frames->front())),
                 std::nullopt);
  const events::Bytes answer = protocol::encode_frame(welcome);
  script.call("frames", {{"frames", std::string(text_of(answer))}}, now);
  script.call("hang_up", {}, now);
}

/// Random acts of people who now and then say what cannot be.
class Officers {
 public:
  explicit Officers(Script& script) : script_(script) {}

  Given next() {
    const std::uint64_t kind = draw(10);
    Given given = kind < 4 ? registration() : kind < 7 ? scores() : on_a_dossier(kind);
    given.emplace_back("actor", to_string(actor(given.front().second)));
    given.emplace_back("dry", draw(3) == 0 ? "0" : "1");
    if (draw(20) == 0) given.emplace_back("day", draw(2) == 0 ? "2031-01-01" : "hôm nay");
    return given;
  }

 private:
  std::uint64_t draw(std::uint64_t limit) { return random_() % limit; }
  template <class Table>
  auto one_of(const Table& table) {
    return *std::next(table.begin(), static_cast<std::ptrdiff_t>(draw(table.size())));
  }
  template <class Enum>
  std::string word() {
    if (draw(60) == 0) return "không có từ này";
    const auto rows = events::rows_of<Enum>();
    return std::string(rows[draw(rows.size())].word);
  }
  const projections::State& state() { return script_.workspace().pending(); }

  /// Mostly somebody who may do it.
  events::EventId actor(std::string_view act) {
    using enum events::EventType;
    const events::EventType type = act == "register"   ? dossier_registered
                                   : act == "score"    ? self_assessment_recorded
                                   : act == "evidence" ? evidence_sighted
                                   : act == "accept"   ? registration_accepted
                                                       : dossier_returned;
    const bool is_anybody = draw(10) == 0;
    std::vector<events::EventId> people;
    for (const projections::Grant& grant : state().access().grants()) {
      const bool may =
          (projections::bit(grant.role) & state().rulebook().policy().roles_for(type)) != 0;
      if (may || is_anybody) people.push_back(grant.person.event);
    }
    return people[draw(people.size())];
  }
  /// Mostly a hamlet.
  std::string home() {
    std::vector<events::UnitId> hamlets;
    for (const projections::Unit& unit : state().units().all()) {
      if (projections::is_hamlet(unit) || draw(20) == 0) hamlets.push_back(unit.id);
    }
    return to_string(one_of(hamlets));
  }
  /// Mostly one that stands where the act would be next.
  std::string dossier(events::DossierState wanted) {
    if (draw(40) == 0) return "3.999999";
    std::string any;
    for (int tries = 0; tries < 50; ++tries) {
      const projections::Dossier& dossier = one_of(state().dossiers().all());
      any = to_string(dossier.id);
      if (dossier.state == wanted || draw(25) == 0) break;
    }
    return any;
  }

  Given registration() {
    static constexpr const char* families[] = {"Lò", "Quàng", "Cà", "Tòng", "Vàng A", "Nguyễn"};
    static constexpr const char* middle[] = {"Thị", "Văn", "Minh", "A", "Đức", "Ngọc", "Bích"};
    static constexpr const char* given_names[] = {"Ánh",  "Pản", "Hoà",  "Hòa", "Sùng", "Lả",
                                                  "Dũng", "Yến", "Khôi", "Tú",  "Vy",   "Ơn"};
    std::string name =
        std::string(families[draw(6)]) + " " + middle[draw(7)] + " " + given_names[draw(12)];
    if (draw(25) == 0) name = draw(2) == 0 ? "Lò Văn 2" : std::string(300, 'x');
    std::string birth = std::to_string(1 + draw(31)) + "/" + std::to_string(1 + draw(13)) + "/" +
                        std::to_string(1930 + draw(90));
    if (draw(4) == 0) birth = std::to_string(1940 + draw(70));
    Given given{{"act", "register"},
                {"name", name},
                {"birth", birth},
                {"gender", word<events::Gender>()},
                {"unit", home()},
                {"cycle", to_string(one_of(state().rulebook().cycles()).id)},
                {"group", word<events::GroupCode>()},
                {"confirmation", draw(3) == 0 ? word<events::Confirmation>() : "subject_present"}};
    if (draw(12) != 0) given.emplace_back("consent", "assess");
    if (draw(4) == 0)
      given.emplace_back("id_number", "0" + std::to_string(10'000'000'000 + draw(9'999'999'999)));
    if (draw(5) == 0) given.emplace_back("proxy", word<events::ProxyReason>());
    if (draw(5) == 0) given.emplace_back("proxy_by", "Trưởng bản");
    if (draw(5) == 0) given.emplace_back("witness", "Bà Cà Thị Lả");
    if (draw(3) == 0) given.emplace_back("new", "1");
    if (draw(3) == 0) given.emplace_back("young", "1");
    return given;
  }

  Given scores() {
    Given given{{"act", "score"}, {"dossier", dossier(events::DossierState::accepted)}};
    const std::uint64_t count = draw(12) == 0 ? draw(14) : 10;
    for (std::uint64_t index = 0; index < count; ++index) {
      std::string score = std::to_string(draw(11));
      if (draw(3) == 0) score += draw(10) == 0 ? ",3" : ",5";
      given.emplace_back("score", score);
    }
    return given;
  }

  Given on_a_dossier(std::uint64_t kind) {
    if (kind == 7) {
      return {{"act", "evidence"},
              {"dossier", dossier(events::DossierState::accepted)},
              {"kind", word<events::EvidenceKind>()},
              {"what", draw(10) == 0 ? "" : "Giấy khen của Chủ tịch"},
              {"document_day", draw(3) == 0 ? "01/06/2019" : ""}};
    }
    if (kind == 8) {
      const auto registered = events::DossierState::registered;
      return {
          {"act", "accept"}, {"dossier", dossier(registered)}, {"dossier", dossier(registered)}};
    }
    return {{"act", "return"},
            {"dossier", dossier(events::DossierState::self_assessed)},
            {"reason", word<events::ReturnReason>()},
            {"return_to", word<events::DossierState>()},
            {"note", draw(2) == 0 ? "" : "thiếu chứng chỉ"}};
  }

  Script& script_;
  std::mt19937_64 random_{2026};
};

/// What became of an act, for a table that shows that the script is no row of refusals.
std::string kind_of(std::string_view json) {
  if (json.find("\"error\"") != std::string_view::npos) return "errors";
  constexpr std::string_view refused = "\"refused\": {\"rule\": \"";
  if (const std::size_t at = json.find(refused); at != std::string_view::npos) {
    const std::string_view rule = json.substr(at + refused.size());
    return "refused " + std::string(rule.substr(0, rule.find('"')));
  }
  if (json.find("\"waits\"") != std::string_view::npos) return "held";
  if (json.find("\"stored\": true") != std::string_view::npos) return "recorded";
  if (json.find("\"events\"") != std::string_view::npos) return "would be recorded";
  return "asked back";
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "khuyenhoc-page-script FILE ACTS [held]\n");
    return 1;
  }
  const auto wanted = static_cast<std::uint64_t>(std::atoll(arguments[2]));
  bench::Corpus corpus;
  const bool is_held = count > 3;
  const events::Bytes rows = rows_of_device(corpus, is_held);
  const std::uint64_t now = corpus.now().value;
  Script script(corpus.device_seed());
  script.call("load", {{"rows", std::string(text_of(rows))}}, now);
  script.call("open", {}, now);
  script.call("unlock", {{"master", std::string(master.begin(), master.end())}}, now);
  Officers officers(script);
  std::map<std::string, std::uint64_t> kinds;
  for (std::uint64_t act = 0; act < wanted; ++act) {
    ++kinds[kind_of(script.call("act", officers.next(), now + act * 1'000))];
    if (act % 500 == 0) {
      for (const char* view : {"home", "items", "totals", "units", "choices"}) {
        script.call("view", {{"view", view}}, now);
      }
      script.call("view", {{"view", "roster"}, {"q", "lo anh"}}, now);
      meet(script, corpus, now + act * 1'000);
    }
  }
  write_file(arguments[1], text_of(script.bytes()));
  const events::SecretSeed seed = corpus.device_seed();
  if (is_held) write_file(std::string(arguments[1]) + ".seed", text_of(seed.bytes));
  for (const auto& [kind, number] : kinds) {
    std::printf("%-18s %8llu\n", kind.c_str(), static_cast<unsigned long long>(number));
  }
  std::printf("%llu signed\n", static_cast<unsigned long long>(script.signatures()));
  std::printf("%llu calls, %.2f s, answers %s\n", static_cast<unsigned long long>(script.calls()),
              script.seconds(), events::to_hex(script.answers().bytes).c_str());
}
