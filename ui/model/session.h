#pragma once

#include "ui/model/comparison_model.h"
#include "ui/model/edit_history.h"
#include "ui/model/encoder_eye.h"
#include "ui/model/engine_client.h"
#include "ui/model/known_files.h"
#include "ui/model/machine_state.h"
#include "ui/model/method_question.h"
#include "ui/model/model_library.h"
#include "ui/model/model_samples.h"
#include "ui/model/notice.h"
#include "ui/model/picture_export.h"
#include "ui/model/picture_files.h"
#include "ui/model/picture_library.h"
#include "ui/model/picture_queue.h"
#include "ui/model/picture_run.h"
#include "ui/model/promotion.h"
#include "ui/model/reference_list_model.h"
#include "ui/model/request_model.h"
#include "ui/model/token_count.h"
#include "ui/model/training_model.h"
#include "ui/model/training_set.h"

#include <QObject>
#include <QSet>
#include <QTemporaryDir>
#include <QTimer>

#include <array>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace likeness {

class SessionKeeper;

// What the window needs from the rest of the program; the composition root fills it in.
struct SessionParts {
    Engine::MakeRunner make_runner{};
    // What is known of a model from its configs; called off the window's thread, may throw Error.
    // Empty: defaults.
    std::function<ModelTraits(const std::string& model)> model_traits{};
    // How many tokens a prompt has for a model; called off the window's thread, one call at a time,
    // may throw Error. Empty: nobody knows.
    std::function<TokenCount(const std::string& model, const std::string& prompt)> count_tokens{};
    // What a file or folder of weights is; called off the window's thread, may throw Error. Empty:
    // what is chosen as something is taken for it.
    KnownFiles::Look look_at_file{};
    // What the machine is doing; called off the window's thread. Empty: nobody knows.
    std::function<MachineState()> machine_state{};
    QStringList devices{QStringLiteral("cpu")}; // that a request may name here
    QString queue_file{};                       // where the queue is kept; empty: only in memory
    // Where what is edited is kept as it goes; empty: nowhere.
    std::filesystem::path sessions{};
    // Where finished pictures are kept; empty: in a folder that goes with the session.
    QString library_folder{};
    ModelPlaces model_places{}; // where models are looked for
    // Where what is trained goes; empty: a folder that goes with the session.
    std::filesystem::path trained_folder{};
};

// The fields of a request that say where and how it is computed.
struct Placement {
    std::string device{};
    std::string dtype{};
    int threads = 0;

    bool operator==(const Placement&) const = default;
};

// The files of weights that a picture is made with, but for what is added to them.
struct ModelFiles {
    std::string model{};
    std::string ip_adapter{};
    std::string image_encoder{};
    std::string vae{};
};

// One sitting at the studio: the request being edited, the cards, the runs, the pictures made, and
// the rules between them. Widgets show its models and call its verbs.
class Session : public QObject {
    Q_OBJECT

public:
    explicit Session(SessionParts parts, QObject* parent = nullptr);
    ~Session() override;

    RequestModel& request() { return request_; }

    ReferenceListModel& references() { return references_; }

    EditHistory& edits() { return edits_; }

    SessionKeeper* keeper() const { return keeper_.get(); } // none where nothing is kept

    EncoderEye& encoderEye() { return eye_; }

    ModelSamples& samples() { return samples_; }

    ModelLibrary& models() { return models_; }

    MethodQuestion& question() { return question_; }

    PictureLibrary& library() { return library_; }

    const KnownFiles& knownFiles() const { return known_files_; }

    PictureRun& run() { return run_; }

    ComparisonModel& comparison() { return comparison_; }

    PictureQueue& queue() { return queue_; }

    TrainingSet& trainingSet() { return training_set_; }

    TrainingModel& training() { return training_; }

    const std::optional<ResultImage>& shown() const { return shown_; }

    // The same for the screen, and which of the library's pictures it is (0: none of them).
    const QImage& shownScreen() const { return shown_screen_; }

    PictureId shownId() const { return shown_id_; }

    const ExportOptions& exportOptions() const { return export_options_; } // as last used

    // The previews of the shown picture's steps, the first of step 1; empty where they are not kept
    // any more.
    StepPreviews shownSteps() const;

    bool isLive() const { return live_; }

    // Of the prompt as it stands; empty while it is not known.
    const std::optional<TokenCount>& tokens() const { return tokens_; }

    // The prompts of pictures asked for, newest first, each once.
    const QStringList& promptHistory() const { return prompts_; }

    void setPromptHistory(const QStringList& prompts);

    QString goodModel() const { return good_model_; } // the last one that opened; empty before

    GenerationRequest currentRequest() const; // with references

    void begin(const GenerationRequest& request, // what the first sitting shows
               const std::vector<ReferenceCard>& cards);

    // Another piece of work; `pictures` says where each card's lies.
    void begin(const EditState& state, const QList<PictureSource>& pictures);
    void start();    // opens the model and encodes the tray ahead of time
    void shutDown(); // stops, joins, destroys the runner
    void generate(); // the button; waits for references that are still being read
    void stop();     // a comparison goes on: it is stopped by itself

    // Puts a ladder or a sheet into the queue and shows it. The spec must be valid.
    void compare(const ComparisonSpec& spec);

    // The next pictures go on from the shown one's latents after that step, with the settings as
    // they then are; until clearBranch() or a setting that does not fit with it.
    void branchFrom(int step);
    void clearBranch();

    // The picture that memory did not hold, in the next smaller size: the last one that failed, or
    // a job of the queue.
    void makeSmaller();
    void makeJobSmaller(int row);

    // Pictures near the shown one: its noise moved by `strength` towards that of other seeds.
    void makeVariations(double strength, int count);

    const QStringList& devices() const { return parts_.devices; }

    // Where and how pictures are computed from now on; an empty field leaves it to the request.
    void setPlacement(const Placement& placement);
    void lookAtMachine(); // machineLooked() follows
    void setLive(bool live);
    void strengthEdited(); // a strength moved: the picture is made again with its seed
    // An installed name, a folder or a file. What is none is told, and the open one stays.
    void openModel(const QString& model);

    // Files of weights, each taken for what it is: the model is opened, LoRAs and learned words
    // come to the others, a VAE or an adapter takes the place of the one in use.
    void openFiles(const QStringList& paths);
    void addStyles(const QStringList& paths); // LoRAs and learned words
    void addLoras(const QStringList& paths);
    void addLearnedWords(const QStringList& paths);
    void setVae(const QString& path);          // empty: the model's own
    void setIpAdapter(const QString& adapter); // likewise; or a name of the model's

    // The adapter of one reference: a name of the model's, a file, which is looked at first, or
    // empty, the one that all have.
    void setCardAdapter(quint64 card, const QString& adapter);
    void setRefiner(const QString& path);   // empty: none
    void addToPrompt(const QString& words); // at its end

    void addPictures(const MimePictures& pictures);
    void setLookMask(quint64 card, const ImagePtr& mask); // what is looked at; null: all
    void setMask(quint64 card, const ImagePtr& mask);     // where it acts; null: everywhere
    void setInputPicture(const PictureSource& source);    // what image to image begins from
    void beginFrom(PictureId id);                         // 0: the shown one
    void clearInput();
    void setInputMask(const ImagePtr& mask);         // what is made anew; null: all
    void setInputPad(const std::array<int, 4>& pad); // new canvas; the size goes with it
    void saveReferenceSet(const QString& name);
    void loadReferenceSet(const QString& name); // replaces the tray
    void removeReferenceSet(const QString& name);
    void useExample(const Example& example);          // size, steps and seed stay
    void useAllSamples(const SampleSubject& subject); // replaces the tray
    void useSettings(const GenerationRequest& request);
    void
    useSettingsOf(const PictureSource& source); // a picture without settings becomes a reference
    void undoSettings();                        // and what was edited since
    void useSettingsOfPicture(PictureId id);
    void addAsReferences(const QList<PictureId>& ids);
    // Pictures become a training set, with the prompts they came from as captions: promoted().
    void promote(const QList<PictureSource>& sources);
    void promoteReferences();
    void promoteReference(quint64 card);
    void promotePictures(const QList<PictureId>& ids);
    void askWhichWay(); // image prompt, LoRA or DreamBooth, for the tray's pictures
    void takeWay(const MethodAdvice& advice); // with the pictures that was asked about
    void show(PictureId id);
    void exportPictures(const QList<PictureId>& ids, const ExportOptions& options);
    // Hands a picture of the library to `use`, at once or when it is read; what cannot be read is
    // told.
    void read(PictureId id, const std::function<void(const LibraryPicture&)>& use);
    void save(const QString& path, const ResultImage& picture, PictureId id); // id 0: of no library
    void useTrained();             // the finished training's result is used for pictures
    void useDatasetAsReferences(); // the first of it come to the tray
    // Pictures of the library are learned from, with the prompts they came from as captions.
    void addToDataset(const QList<PictureId>& ids);
    void showKept(const ResultImage& picture, const ScreenPicture& screen); // of an earlier time

Q_SIGNALS:
    void noticed(const likeness::Notice& notice);
    void
    wayTaken(const likeness::MethodAdvice& advice); // a training's settings; promoted() follows
    void promoted(const QList<likeness::PromotedPicture>& pictures);
    void shownChanged();
    void modelChanged();
    void tokensChanged();
    void machineLooked(const likeness::MachineState& state);
    void memoryPlanned(const likeness::MemoryPlan& plan); // of the job that begins
    void promptHistoryChanged();
    void liveChanged(bool live);
    void statusChanged(const QString& text); // one quiet line: what was just done

private:
    void enqueue(const GenerationRequest& request);
    QImage thumbnailOf(const GenerationRequest& request) const; // its first reference's
    void connectRuns();
    void connectReferences();
    void keepPixels(const QString& path, const ImagePtr& pixels, const QString& failure);
    QString keepMask(const ImagePtr& mask); // gives its path
    // Runs `work` off the window's thread; an Error of it becomes a notice under that title.
    void fileWork(const QString& failure, const std::function<std::function<void()>()>& work);
    void readPictures(); // of the cards that have none yet
    void remakeSoon(int milliseconds);
    void remake();
    void prepare();
    void readTraits();
    void followModel(const std::string& before); // reads what is known of another model than that
    void connectLibrary();
    void connectTraining();
    void connectPromotion();
    std::filesystem::path trainedFolder();
    void keepPicture(const ResultImage& picture, const ScreenPicture& screen,
                     const StepPreviews& previews, bool is_remake);
    void keepSteps(const ImagePtr& image, const StepPreviews& previews);
    void dropUnfitBranch();
    void countTokens();
    void rememberPrompt(const std::string& prompt);
    void showPicture(const LibraryPicture& picture);
    void useForeignSettings(const QString& name, const ForeignSettings& settings);
    void tellSettingsAreBack(const QString& title, const QString& reason = {});
    void fillCards(const QList<quint64>& cards, const QList<PictureSource>& sources,
                   const QList<Refusal>& refusals);
    void followUndo(const EditState& before);
    void tellFailure(const GenerationRequest& request, const Failed& failure, bool is_asked_for);
    std::optional<GenerationRequest> smaller(GenerationRequest request) const;
    static PictureSource sourceOf(const ReferenceCard& card);
    QList<PictureSource> cardSources() const;
    void offerTraining(const QList<PictureSource>& left_over);
    void tellRefusals(const QList<Refusal>& refusals);
    void tellOtherPictures(const QStringList& names); // than settings that came back were made with
    void tellLost(const QStringList& missing, const QStringList& changed); // of the dataset
    void loadReferences(const GenerationRequest& request);
    void readInput();

    void connectFiles();
    void takeModel(const QString& model);
    void takeFiles(const QStringList& paths, const QList<FileKind>& wanted);
    void takeLookedAt(const std::vector<std::string>& paths, const std::vector<FileFacts>& facts,
                      const QList<FileKind>& wanted);
    QString whyNot(const std::string& path, const FileFacts& facts,
                   const QList<FileKind>& wanted) const;
    QString addFile(const std::string& path, FileKind kind); // gives why not
    void tellUnopened(const QList<Refusal>& refusals);
    void rememberGood(const GenerationRequest& request);
    bool hasGoodFiles(const GenerationRequest& request) const;
    void goBackToGoodFiles();

    // Without what is muted and what is not made for the open model.
    GenerationRequest withoutUnused(GenerationRequest request) const;

    GenerationRequest placed(GenerationRequest request) const;

    SessionParts parts_;
    Placement placement_{};
    RequestModel request_;
    ReferenceListModel references_;
    TrainingSet training_set_;
    EditHistory edits_{request_, references_, training_set_};
    std::unique_ptr<QTemporaryDir> own_folder_{}; // where no other place is given
    PictureLibrary library_;
    EngineClient client_;
    PictureRun run_;
    PictureFiles files_;
    KnownFiles known_files_{parts_.look_at_file, files_};
    PictureQueue queue_;
    ComparisonModel comparison_;
    TrainingModel training_;
    std::deque<std::pair<ImagePtr, StepPreviews>> steps_{}; // of the pictures made last
    std::unique_ptr<SessionKeeper> keeper_{};
    MethodQuestion question_;
    EncoderEye eye_{files_};
    ModelSamples samples_;
    ModelLibrary models_{parts_.model_places};
    QTimer remake_timer_;
    std::optional<ResultImage> shown_{};
    QImage shown_screen_{};
    PictureId shown_id_ = 0;
    PictureId wanted_id_ = 0; // of the library's pictures, to be shown when it is read
    std::optional<GenerationRequest> keeping_{};   // made, and on its way to the disk
    std::optional<GenerationRequest> too_large_{}; // the last picture that memory did not hold
    ExportOptions export_options_{};
    std::stop_source stop_export_{};
    int steps_before_settings_ = -1; // where undoSettings() leads to
    QString good_model_{};
    std::set<std::string> told_unfit_{}; // models that did not open since something was asked for
    std::optional<ModelFiles> good_files_{};            // that opened; its model is good_model_
    std::optional<GenerationRequest> before_open_{};    // before the model that is being opened
    std::map<quint64, QString> adapters_before_open_{}; // of cards
    int last_model_wish_ = 0;                           // counts models asked for
    std::optional<TokenCount> tokens_{};
    std::optional<std::pair<std::string, std::string>> counted_{}; // model and prompt of the count
    bool counting_ = false;
    QStringList prompts_{};
    QString input_being_read_{};
    QSet<quint64> reading_{}; // cards whose file is on its way
    bool started_ = false;
    bool generate_when_read_ = false;
    std::optional<std::uint64_t> used_seed_{}; // of the last picture asked for
    bool live_ = false;
};

} // namespace likeness
