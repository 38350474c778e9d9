#include "clients/cli/session.h"
#include "clients/core/acts/register.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/stored_log.h"
#include "tools/link/relay_thread.h"
#include "tools/pilot/batch_recorder.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

// Scenario 10: the last evening.  Four laptops of a commune bring over what twelve people typed in
// a month; the line breaks, the server dies once, and others must not wait for them.

namespace e2e {
namespace {

namespace json = boost::json;

constexpr std::size_t laptops = 4;
constexpr std::uint64_t events_a_registration = 3;
constexpr int attempts_max = 60;

namespace acts = clients::acts;

std::uint64_t registrations_in_all() {
  const char* const text = std::getenv("KHUYENHOC_REGISTRATIONS");
  return text == nullptr ? 5'000 : std::strtoull(text, nullptr, 10);
}

/// What `register` writes, a page of it at a time.
void type_in(const std::filesystem::path& home, const std::string& officer,
             std::uint64_t registrations) {
  auto device = clients::Device::open(home);
  ASSERT_TRUE(device) << device.error().message;
  const projections::State& state = (*device)->workspace().confirmed();
  events::UnitId hamlet;
  for (const projections::Unit& unit : state.units().all()) {
    if (projections::is_hamlet(unit)) hamlet = unit.id;
  }
  const events::CycleId cycle = state.rulebook().cycles().begin()->id;

  pilot::BatchRecorder recorder(**device);
  recorder.by(events::PersonId{clients::parse_event_id(officer).value()});
  recorder.on(events::day_in_vietnam(events::Timestamp{1'780'000'000'000}));
  for (std::uint64_t index = 0; index < registrations; ++index) {
    acts::NewPerson person;
    person.record.full_name = "Lò Thị Mai";
    person.record.birth = events::PartialDate{static_cast<std::uint16_t>(1950 + index % 50), 0, 0};
    person.gender = events::Gender::female;
    person.age_band = events::AgeBand::from_35_to_44;
    person.home = hamlet;
    const events::PersonId citizen =
        acts::introduce(recorder.page(), recorder.occasion(), person).value();
    acts::Registration registration;
    registration.subject = {events::SubjectKind::person, citizen.event};
    registration.cycle = cycle;
    registration.group = events::GroupCode::farmer_rural;
    registration.home = hamlet;
    registration.declaration.consent_purposes = events::consent_assess | events::consent_statistics;
    registration.declaration.confirmation = events::Confirmation::signature_on_paper;
    registration.declaration.proxy = events::ProxyReason::none;
    ASSERT_TRUE(acts::register_dossier(recorder.page(), recorder.occasion(), registration));
  }
  recorder.turn_page();
}

/// A laptop that syncs until everything is over, however often it is cut off.
bool bring_over(const CommandLine& laptop, const std::string& url, const std::atomic<bool>& stop) {
  for (int attempt = 0; attempt < attempts_max && !stop; ++attempt) {
    if (laptop.run({"sync", "--server", url}).exit_code() == 0) return true;
  }
  return false;
}

class LastEvening : public testing::Test {
 protected:
  LastEvening() : setup_(scratch_ / "") {}

  void enrol_laptops() {
    for (std::size_t index = 0; index < laptops; ++index) {
      const auto invited =
          setup_.admin().json({"invite", "--person", setup_.officer("proxy_entrant")});
      ASSERT_TRUE(invited.is_object());
      setup_.admin().json({"sync"});
      laptops_.emplace_back(scratch_ / ("laptop" + std::to_string(index)));
      const std::string code(invited.as_object().at("code").as_string());
      const Finished enrolled =
          laptops_.back().run({"enrol", "--server", setup_.server().url(), "--code", code,
                               "--label", "Máy số " + std::to_string(index + 1)});
      ASSERT_EQ(enrolled.exit_code(), 0) << enrolled.all();
      laptops_.back().json({"sync"});
    }
  }

  /// All laptops at once over a line that is cut every 50 KB or so; true when all are through.
  bool everybody_brings_over(std::uint16_t port, std::atomic<bool>& stop) {
    link_emulator::Profile profile;
    profile.delay = std::chrono::milliseconds(5);
    profile.cut_bytes = 50'000;
    profile.seed = 10;
    link_emulator::RelayThread line(port, profile);
    std::atomic<std::size_t> through = 0;
    std::vector<std::thread> threads;
    for (const CommandLine& laptop : laptops_) {
      threads.emplace_back([&] {
        if (bring_over(laptop, line.url(), stop)) ++through;
      });
    }
    for (std::thread& thread : threads) thread.join();
    cuts_ += line.carried().cuts;
    return through == laptops;
  }

  ScratchDirectory scratch_;
  CommuneSetup setup_;
  std::vector<CommandLine> laptops_;
  std::uint64_t cuts_ = 0;
};

// Exactly what was typed is in the log, each once and in its order; what was acknowledged before
// the server died is there; and somebody else's single act does not wait for the burst to end.
TEST_F(LastEvening, FiveThousandRegistrationsThroughCutsAndADeathOfTheServer) {
  ASSERT_NO_FATAL_FAILURE(setup_.run());
  ASSERT_NO_FATAL_FAILURE(enrol_laptops());
  const std::uint64_t each = registrations_in_all() / laptops;
  for (const CommandLine& laptop : laptops_) {
    ASSERT_NO_FATAL_FAILURE(type_in(laptop.home(), setup_.officer("proxy_entrant"), each));
  }

  std::atomic<bool> stop = false;
  std::thread first([&] { everybody_brings_over(setup_.server().port(), stop); });
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  setup_.server().kill9();
  stop = true;
  first.join();

  ServerChild again(setup_.server().data());
  ASSERT_TRUE(again.listens()) << again.errors();
  stop = false;
  std::atomic<bool> over = false;
  bool all_through = false;
  std::thread second([&] {
    all_through = everybody_brings_over(again.port(), stop);
    over = true;
  });
  setup_.admin().record(
      {"officer", "--name", "Quàng Văn Một", "--birth", "1981", "--unit", "03316"});
  const auto start = std::chrono::steady_clock::now();
  const Finished single = setup_.admin().run({"sync", "--server", again.url()});
  const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(single.exit_code(), 0) << single.all();
  EXPECT_FALSE(over) << "the burst was over too soon to prove anything";
  RecordProperty("single_event_seconds", std::to_string(waited.count()));
  second.join();
  EXPECT_TRUE(all_through);
  EXPECT_GE(cuts_, 2U) << "a line that holds proves nothing";

  EXPECT_EQ(again.stop(), (Ending{0, 0})) << again.errors();
  for (const CommandLine& laptop : laptops_) {
    const json::object status = laptop.json({"status"}).as_object();
    EXPECT_EQ(status.at("device_only").to_number<int>(), 0);
    const auto chain = static_cast<std::uint32_t>(status.at("chain").to_number<std::uint64_t>());
    const StoredLog log = StoredLog::read(again.data(), events::ChainNumber{chain});
    EXPECT_EQ(log.of_device.size(), each * events_a_registration);
    expect_each_once(log);
  }
  expect_audited(again.data());
}

}  // namespace
}  // namespace e2e
