#include "clients/device/device.h"
#include "tests/e2e/photographed_commune.h"
#include "tests/e2e/stored_log.h"
#include "tools/link/relay_thread.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace e2e {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::int64_t number(const json::value& object, const char* key) {
  return object.is_object() ? object.as_object().at(key).to_number<std::int64_t>() : -1;
}

/// A line that lets no WebSocket through, or none at all.
class BundleFiles : public PhotographedCommune {
 protected:
  fs::path bundle() const { return scratch / "xa.csb"; }
  fs::path answer() const { return scratch / "xa.tra-loi.csb"; }
  json::object fill(std::vector<std::string> more = {}) {
    std::vector<std::string> command{"bundle", "export", "--force", "--to", bundle().string()};
    command.insert(command.end(), more.begin(), more.end());
    const json::value report = setup.commune().json(command);
    return report.is_object() ? report.as_object().at("files").as_object() : json::object{};
  }
  Finished deliver() {
    return run_program("khuyenhoc",
                       {"bundle", "deliver", bundle().string(), "--server", setup.server().url(),
                        "--force", "--return", answer().string()});
  }
  json::object take_answer() {
    const json::value report = setup.commune().json({"bundle", "import", answer().string()});
    return report.is_object() ? report.as_object() : json::object{};
  }
  std::int64_t originals_to_send() {
    const json::value status = setup.commune().json({"status"});
    return number(status.as_object().at("pending").as_object().at("originals"), "count");
  }
  /// Whether the server's files hold exactly these bytes under some digest.
  bool server_has(const fs::path& file) {
    const std::string content = read_text(file);
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator(setup.server().data() / "files")) {
      const bool is_upload = entry.path().parent_path().filename() == "uploads";
      if (entry.is_regular_file() && !is_upload && read_text(entry.path()) == content) return true;
    }
    return false;
  }
};

// Half a day of photos on the village line is one stick.  The officer wipes the phone when it says
// that the server has them: it must be true, and the phone must be able to say so without a line.
TEST_F(BundleFiles, ArriveByStickAndTheAnswerSaysThatTheyAreStored) {
  const std::string first = photo("giay-khen.jpg", 300'000, 1);
  const std::string second = photo("chung-chi.jpg", 700'000, 2);
  EXPECT_EQ(originals_to_send(), 2);
  const json::object packed = fill();
  EXPECT_EQ(number(packed.at("originals"), "count"), 2);
  EXPECT_EQ(number(packed.at("originals"), "bytes"), 1'000'000);
  EXPECT_EQ(number(packed.at("thumbnails"), "count"), 2);
  const Finished delivered = deliver();
  ASSERT_EQ(delivered.exit_code(), 0) << delivered.all();
  EXPECT_TRUE(server_has(scratch / "giay-khen.jpg"));
  EXPECT_TRUE(server_has(scratch / "chung-chi.jpg"));

  const json::object imported = take_answer();
  EXPECT_TRUE(imported.at("synced").as_bool());
  EXPECT_EQ(number(imported.at("files"), "stored"), 4);
  for (const std::string& file : {first, second}) {
    EXPECT_EQ(state_of(setup.commune(), file, "original"), "stored");
    EXPECT_EQ(state_of(setup.commune(), file, "thumbnail"), "stored");
  }
  EXPECT_EQ(originals_to_send(), 0);
  EXPECT_EQ(number(fill().at("originals"), "count"), 0) << "nothing goes twice";

  // The line is back, and later the same stick comes again: nothing more happens.
  const json::object synced = setup.commune().json({"sync"}).as_object();
  EXPECT_EQ(number(synced, "file_bytes_sent"), 0);
  ASSERT_EQ(deliver().exit_code(), 0);
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0})) << setup.server().errors();
  expect_audited(setup.server().data());
}

// A stick that was pulled out too early must not cost the whole afternoon again.
TEST_F(BundleFiles, OfATruncatedBundleAreKeptAndTheNetworkBringsTheRest) {
  const std::string first = photo("giay-khen.jpg", 200'000, 1);
  const std::string second = photo("chung-chi.jpg", 500'000, 2);
  fill();
  fs::resize_file(bundle(), fs::file_size(bundle()) - 200'000);
  const Finished delivered = deliver();
  ASSERT_EQ(delivered.exit_code(), 0) << delivered.all();
  EXPECT_TRUE(server_has(scratch / "giay-khen.jpg"));
  EXPECT_FALSE(server_has(scratch / "chung-chi.jpg"));
  EXPECT_EQ(number(take_answer().at("files"), "stored"), 3) << "one photo and both thumbnails";
  EXPECT_EQ(state_of(setup.commune(), first, "original"), "stored");
  EXPECT_NE(state_of(setup.commune(), second, "original"), "stored");

  setup.commune().json({"files", "policy", "--originals", "always"});
  const json::object synced = setup.commune().json({"sync"}).as_object();
  EXPECT_LT(number(synced, "file_bytes_sent"), 290'000) << "what the stick brought is kept";
  EXPECT_GT(number(synced, "file_bytes_sent"), 100'000);
  EXPECT_TRUE(server_has(scratch / "chung-chi.jpg"));
}

// Sticks are small, and some carriers are in a hurry: the officer decides what goes.
TEST_F(BundleFiles, GoAsFarAsTheStickHasRoom) {
  photo("giay-khen.jpg", 300'000, 1);
  photo("chung-chi.jpg", 300'000, 2);
  const json::object none = fill({"--no-files"});
  EXPECT_EQ(number(none.at("thumbnails"), "count"), 0);
  EXPECT_LT(fs::file_size(bundle()), 20'000U);
  const json::object some = fill({"--max-size", "400K"});
  EXPECT_EQ(number(some.at("thumbnails"), "count"), 2);
  EXPECT_EQ(number(some.at("originals"), "count"), 1);
  EXPECT_EQ(number(some.at("left_out"), "bytes"), 300'000);
  EXPECT_LE(fs::file_size(bundle()), 400U * 1024);
  const Finished said = setup.commune().run(
      {"bundle", "export", "--force", "--to", bundle().string(), "--max-size", "400K"});
  EXPECT_NE(said.output.find("chưa mang"), std::string::npos) << said.all();
  const Finished too_large =
      setup.commune().run({"bundle", "export", "--to", bundle().string(), "--max-size", "3G"});
  EXPECT_EQ(too_large.exit_code(), 2) << too_large.all();
  EXPECT_TRUE(is_error_with_code(too_large.errors, "invalid_argument")) << too_large.all();
}

// A reviewer asks for a photo; the phone that has it hears of it by stick, and brings it by stick.
TEST_F(BundleFiles, ThatSomebodyAskedForGoWithTheNextStick) {
  setup.commune().json({"files", "policy", "--originals", "asked"});
  const std::string file = photo("giay-khen.jpg", 90'000, 1);
  EXPECT_EQ(number(fill().at("held_back"), "count"), 1);
  ASSERT_EQ(deliver().exit_code(), 0);
  take_answer();

  const json::value invited =
      setup.admin().json({"invite", "--person", setup.officer("appraiser")});
  setup.admin().json({"sync"});
  const CommandLine reviewer(scratch / "second");
  const Finished enrolled =
      reviewer.run({"enrol", "--server", setup.server().url(), "--label", "Máy thẩm định", "--code",
                    std::string(invited.as_object().at("code").as_string())});
  ASSERT_EQ(enrolled.exit_code(), 0) << enrolled.all();
  reviewer.json({"sync"});
  reviewer.json({"files", "want", file});
  reviewer.json({"sync"});

  fill();
  ASSERT_EQ(deliver().exit_code(), 0);
  EXPECT_EQ(number(take_answer().at("files"), "asked"), 1);
  EXPECT_EQ(number(fill().at("originals"), "count"), 1);
  ASSERT_EQ(deliver().exit_code(), 0);
  EXPECT_TRUE(server_has(scratch / "giay-khen.jpg"));
}

// Behind a proxy that knows no WebSocket the evidence must arrive like anywhere else.
TEST_F(BundleFiles, ArriveOverHttpAndComeDownOverHttp) {
  setup.commune().json({"files", "policy", "--originals", "always"});
  std::vector<std::string> files;
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    files.push_back(photo("photo-" + std::to_string(seed) + ".jpg", 150'000 * seed, seed));
  }
  const json::object sent = setup.commune().json({"sync", "--http"}).as_object();
  EXPECT_TRUE(sent.at("over_http").as_bool());
  EXPECT_TRUE(sent.at("synced").as_bool());
  EXPECT_EQ(number(sent, "files_sent"), 6);
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    EXPECT_TRUE(server_has(scratch / ("photo-" + std::to_string(seed) + ".jpg"))) << seed;
    EXPECT_EQ(state_of(setup.commune(), files[seed - 1], "original"), "stored");
  }
  const json::object again = setup.commune().json({"sync", "--http"}).as_object();
  EXPECT_EQ(number(again, "file_bytes_sent"), 0);

  const json::value invited =
      setup.admin().json({"invite", "--person", setup.officer("appraiser")});
  setup.admin().json({"sync"});
  const CommandLine reviewer(scratch / "second");
  ASSERT_EQ(reviewer
                .run({"enrol", "--server", setup.server().url(), "--label", "Máy thẩm định",
                      "--code", std::string(invited.as_object().at("code").as_string())})
                .exit_code(),
            0);
  reviewer.json({"sync"});
  for (const std::string& file : files) reviewer.json({"files", "want", file});
  const json::object fetched = reviewer.json({"sync", "--http"}).as_object();
  EXPECT_EQ(number(fetched, "files_fetched"), 3);
  const fs::path copy = scratch / "copy.jpg";
  reviewer.json({"files", "get", files[2], "--output", copy.string()});
  EXPECT_EQ(read_text(copy), read_text(scratch / "photo-3.jpg"));
}

// A line that breaks again and again costs a request each time, not the photo.
TEST_F(BundleFiles, GoOnOverHttpWhereTheLineBroke) {
  const std::string file = photo("giay-khen.jpg", 600'000, 1);
  link_emulator::RelayThread line(setup.server().port(),
                                  link_emulator::read_profile("rate 4000000\ndelay 10\n").value());
  std::optional<clients::SyncReport> report;
  int cuts = 0;
  {
    auto device = clients::Device::open(setup.commune().home());
    ASSERT_TRUE(device);
    ASSERT_TRUE((*device)->file_records().set_policy(clients::OriginalsPolicy::always));
    clients::SyncOptions options;
    options.http = true;
    std::uint64_t sent_before = 0;
    options.on_files = [&](const clients::FileProgress& files) {
      if (files.bytes_sent < sent_before) sent_before = 0;  // Another connection.
      if (cuts == 3 || files.bytes_sent < sent_before + 100'000) return;
      sent_before = files.bytes_sent;
      ++cuts;
      line.cut_all();
    };
    auto synced = (*device)->sync(line.url(), options);
    ASSERT_TRUE(synced) << synced.error().message;
    report = *synced;
  }
  EXPECT_EQ(cuts, 3);
  EXPECT_EQ(report->connections, 4);
  EXPECT_EQ(state_of(setup.commune(), file, "original"), "stored");
  EXPECT_TRUE(server_has(scratch / "giay-khen.jpg"));
  EXPECT_LT(report->files.bytes_sent, 600'000U + 10'000U + 3 * 90'000U)
      << "a request at most is repeated for each cut";
}

}  // namespace
}  // namespace e2e
