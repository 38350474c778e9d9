#include "server/page/page_folder.h"

#include "server/page/embedded_page.h"
#include "server/page/page_service.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace server {

// Made by the build from tests/support/page.
std::vector<Asset> example_assets();
bool is_example_page_built_in();

namespace {

namespace fs = std::filesystem;
using events::ErrorCode;

const fs::path example = fs::path(KHUYENHOC_SOURCE_DIR) / "tests/support/page";

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct PageFolder : testing::Test {
  fs::path folder = fs::path(testing::TempDir()) / "page_folder_test";

  void SetUp() override {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
  }
  ErrorCode refusal() const {
    const auto site = read_page_folder(folder);
    return site ? ErrorCode{} : site.error().code;
  }
};

TEST_F(PageFolder, HasEachFileInItsForms) {
  const auto site = read_page_folder(example);
  ASSERT_TRUE(site) << site.error().message;
  EXPECT_EQ((*site)->count(), 3U);
  const Asset* const script = (*site)->find("/app-1a2b3c4d.js").asset;
  ASSERT_NE(script, nullptr);
  EXPECT_EQ(script->plain, read(example / "app-1a2b3c4d.js"));
  EXPECT_EQ(script->brotli, read(example / "app-1a2b3c4d.js.br"));
  EXPECT_EQ(script->gzip, read(example / "app-1a2b3c4d.js.gz"));
  EXPECT_TRUE(script->is_immutable);
  EXPECT_TRUE(script->is_in_document);
  // Where the list says nothing, a script brings its policy along.
  EXPECT_FALSE((*site)->find("/service_worker.js").asset->is_in_document);
  EXPECT_EQ(script->digest, "e1a4fdcceccc8a79223dd63761d6b9542bbf4258779fc3985b3d7253d41466ad");
  EXPECT_FALSE((*site)->find("/").asset->is_immutable);
  EXPECT_EQ((*site)->find("/service_worker.js").asset->brotli, "");
  EXPECT_EQ((*site)->find("/assets.json").asset, nullptr) << "only what the list names";
}

// The server that is installed has the very bytes that the page's build made and tested.
TEST_F(PageFolder, IsInTheProgramAsItIsOnDisk) {
  const auto site = read_page_folder(example);
  ASSERT_TRUE(site);
  EXPECT_TRUE(is_example_page_built_in());
  const std::vector<Asset> assets = example_assets();
  EXPECT_EQ(assets.size(), (*site)->count());
  for (const Asset& built : assets) {
    SCOPED_TRACE(built.path);
    const Asset* const asset = (*site)->find(built.path).asset;
    ASSERT_NE(asset, nullptr);
    EXPECT_EQ(built.type, asset->type);
    EXPECT_EQ(built.is_immutable, asset->is_immutable);
    EXPECT_EQ(built.is_in_document, asset->is_in_document);
    EXPECT_EQ(built.digest, asset->digest);
    EXPECT_EQ(built.plain, asset->plain);
    EXPECT_EQ(built.brotli, asset->brotli);
    EXPECT_EQ(built.gzip, asset->gzip);
  }
}

// A server without its page must say so, not look broken.
TEST_F(PageFolder, ABuildWithoutThePageHasATextInItsPlace) {
  const Site site(embedded_assets());
  const Asset* const document = site.find("/").asset;
  ASSERT_NE(document, nullptr);
  EXPECT_EQ(document->type, "text/html; charset=utf-8");
  if (!is_embedded_page_built_in()) {
    EXPECT_NE(document->plain.find("tools/dev web build"), std::string_view::npos);
  }
}

TEST_F(PageFolder, AListThatIsNoneIsRefused) {
  EXPECT_EQ(refusal(), ErrorCode::io_failed);
  for (const char* list :
       {"", "{}", "3", "[3]", R"([{"name": "a"}])", R"([{"name": 1, "type": "t"}])"}) {
    write("assets.json", list);
    EXPECT_EQ(refusal(), ErrorCode::malformed) << list;
  }
  write("assets.json", R"([{"name": "a", "type": "text/plain"}])");
  EXPECT_EQ(refusal(), ErrorCode::io_failed) << "a file that is not there";
  write("a", "");
  EXPECT_EQ(refusal(), ErrorCode{});
}

TEST_F(PageFolder, NothingOutsideTheFolderIsRead) {
  for (const char* name : {"../a", "/etc/hostname", "b/../../a", "", ".."}) {
    write("assets.json", R"([{"type": "text/plain", "name": ")" + std::string(name) + "\"}]");
    EXPECT_EQ(refusal(), ErrorCode::invalid_argument) << name;
  }
}

TEST_F(PageFolder, IsReadAgainWhenItsListHasChanged) {
  const auto list = [&](int version) {
    write("index.html", "version " + std::to_string(version));
    write("assets.json", R"([{"name": "index.html", "type": "text/html"}])");
    fs::last_write_time(folder / "assets.json",
                        fs::file_time_type::clock::now() + std::chrono::seconds(version));
  };
  list(1);
  const auto service = PageService::open(folder);
  ASSERT_TRUE(service) << service.error().message;
  const auto body = [&] { return std::string((*service)->site()->find("/").asset->plain); };
  const auto first = (*service)->site();
  EXPECT_EQ(body(), "version 1");
  list(2);
  EXPECT_EQ(body(), "version 2");
  EXPECT_EQ(first->find("/").asset->plain, "version 1") << "an answer under way has its bytes";
  write("assets.json", "half of a lis");
  EXPECT_EQ(body(), "version 2") << "the page's build is at work";
}

}  // namespace
}  // namespace server
