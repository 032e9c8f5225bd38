<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>QObject</name>
    <message>
        <source>The studio: image-prompted diffusion in a window.</source>
        <translation>Das Studio: Diffusion mit Bildern als Vorgabe in einem Fenster.</translation>
    </message>
    <message>
        <source>Installed name or diffusers folder.</source>
        <translation>Installierter Name oder diffusers-Ordner.</translation>
    </message>
    <message>
        <source>Folder where pictures are kept.</source>
        <translation>Ordner, in dem Bilder liegen.</translation>
    </message>
    <message>
        <source>Make a picture, write the window to FILE, quit.</source>
        <translation>Ein Bild erstellen, das Fenster in FILE schreiben, beenden.</translation>
    </message>
    <message>
        <source>The window&apos;s size, e.g. 1600x1000.</source>
        <translation>Größe des Fensters, z. B. 1600x1000.</translation>
    </message>
    <message>
        <source>dark or light.</source>
        <translation>dark oder light.</translation>
    </message>
    <message>
        <source>Make a picture and quit; for timing.</source>
        <translation>Ein Bild erstellen und beenden; zum Messen der Zeit.</translation>
    </message>
    <message>
        <source>--size %1 is not WIDTHxHEIGHT between 400x300 and 10000x10000.</source>
        <translation>--size %1 ist nicht BREITExHÖHE zwischen 400x300 und 10000x10000.</translation>
    </message>
    <message>
        <source>--theme %1 is neither dark nor light.</source>
        <translation>--theme %1 ist weder dark noch light.</translation>
    </message>
</context>
<context>
    <name>core</name>
    <message>
        <source>The image-prompt adapter was not opened: {}</source>
        <translation>Der Bild-Prompt-Adapter wurde nicht geöffnet: {}</translation>
    </message>
    <message>
        <source>its tensor image_proj.{} is missing or has not {} dimensions; the file is damaged or no IP-Adapter.</source>
        <translation>Sein Tensor image_proj.{} fehlt oder hat nicht {} Dimensionen; die Datei ist beschädigt oder kein IP-Adapter.</translation>
    </message>
    <message>
        <source>its tokens are {} wide (image_proj.norm.weight [{}], image_proj.proj.weight [{}, {}]), this model&apos;s cross-attention reads {}. {}</source>
        <translation>Seine Tokens sind {} breit (image_proj.norm.weight [{}], image_proj.proj.weight [{}, {}]), die Cross-Attention dieses Modells liest {}. {}</translation>
    </message>
    <message>
        <source>It needs an adapter made for SDXL.</source>
        <translation>Nötig ist ein Adapter für SDXL.</translation>
    </message>
    <message>
        <source>It needs an adapter made for SD 1.5.</source>
        <translation>Nötig ist ein Adapter für SD 1.5.</translation>
    </message>
    <message>
        <source>It needs an adapter made for this model.</source>
        <translation>Nötig ist ein Adapter für dieses Modell.</translation>
    </message>
    <message>
        <source>its resampler is {} wide inside, which is no multiple of {} (the width of a head in every published file).</source>
        <translation>Sein Resampler ist innen {} breit, kein Vielfaches von {} (der Breite eines Kopfes in jeder veröffentlichten Datei).</translation>
    </message>
    <message>
        <source>its tokens are {} wide (image_proj.proj_out.weight), this model&apos;s cross-attention reads {}. {}</source>
        <translation>Seine Tokens sind {} breit (image_proj.proj_out.weight), die Cross-Attention dieses Modells liest {}. {}</translation>
    </message>
    <message>
        <source>It needs a plus adapter made for SDXL.</source>
        <translation>Nötig ist ein Plus-Adapter für SDXL.</translation>
    </message>
    <message>
        <source>It needs a plus adapter made for SD 1.5.</source>
        <translation>Nötig ist ein Plus-Adapter für SD 1.5.</translation>
    </message>
    <message>
        <source>the image encoder it was trained with</source>
        <translation>der Bild-Encoder, mit dem er trainiert wurde</translation>
    </message>
    <message>
        <source>the ViT-H/14 image encoder (models/image_encoder)</source>
        <translation>der Bild-Encoder ViT-H/14 (models/image_encoder)</translation>
    </message>
    <message>
        <source>the ViT-bigG/14 image encoder (sdxl_models/image_encoder)</source>
        <translation>der Bild-Encoder ViT-bigG/14 (sdxl_models/image_encoder)</translation>
    </message>
    <message>
        <source>it reads {} {} wide, this image encoder gives {}. It needs {}; or choose an adapter for this encoder.</source>
        <translation>Er liest {} der Breite {}, dieser Bild-Encoder liefert {}. Nötig ist {}; oder einen Adapter für diesen Encoder wählen.</translation>
    </message>
    <message>
        <source>image embeddings</source>
        <translation>Bild-Embeddings</translation>
    </message>
    <message>
        <source>hidden states</source>
        <translation>hidden states</translation>
    </message>
    <message>
        <source>it has keys for {} cross-attention layers, this UNet has {}. SD 1.5 adapters have 16, SDXL adapters 70.</source>
        <translation>Er hat Schlüssel für {} Cross-Attention-Schichten, dieses UNet hat {}. Adapter für SD 1.5 haben 16, Adapter für SDXL 70.</translation>
    </message>
    <message>
        <source>its tensor ip_adapter.{}.to_k_ip.weight is [{}], {} of this UNet needs [{}, {}]. It was made for another base model.</source>
        <translation>Sein Tensor ip_adapter.{}.to_k_ip.weight ist [{}], {} dieses UNets braucht [{}, {}]. Er wurde für ein anderes Grundmodell gemacht.</translation>
    </message>
    <message>
        <source>The file {} could not be written: {}.
Nothing was changed on the disk.</source>
        <translation>Die Datei {} konnte nicht geschrieben werden: {}.
Auf dem Datenträger wurde nichts geändert.</translation>
    </message>
    <message>
        <source>the disk is full ({} needed, {} free)</source>
        <translation>Der Datenträger ist voll ({} nötig, {} frei)</translation>
    </message>
    <message>
        <source>the disk is full ({} needed)</source>
        <translation>Der Datenträger ist voll ({} nötig)</translation>
    </message>
    <message>
        <source>{} is more than this system allows in one file</source>
        <translation>{} sind mehr, als dieses System in einer Datei erlaubt</translation>
    </message>
    <message>
        <source>there is no folder {}</source>
        <translation>Einen Ordner {} gibt es nicht</translation>
    </message>
    <message>
        <source>there is no permission to write in {}</source>
        <translation>In {} darf nicht geschrieben werden</translation>
    </message>
    <message>
        <source>a folder of this name is there</source>
        <translation>Dort ist ein Ordner dieses Namens</translation>
    </message>
    <message>
        <source>it is a device or a pipe, not a file</source>
        <translation>Es ist ein Gerät oder eine Pipe, keine Datei</translation>
    </message>
    <message>
        <source>this is the name of a folder</source>
        <translation>Dies ist der Name eines Ordners</translation>
    </message>
    <message>
        <source>the name has {} bytes, at most {} are possible</source>
        <translation>Der Name hat {} Bytes, höchstens {} sind möglich</translation>
    </message>
    <message>
        <source>The folder {} could not be made: {}.</source>
        <translation>Der Ordner {} konnte nicht angelegt werden: {}.</translation>
    </message>
    <message>
        <source>There is no file {}.
Check the name and the folder.</source>
        <translation>Eine Datei {} gibt es nicht.
Den Namen und den Ordner prüfen.</translation>
    </message>
    <message>
        <source>The file {} cannot be opened: {}.</source>
        <translation>Die Datei {} lässt sich nicht öffnen: {}.</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>ein Ordner</translation>
    </message>
    <message>
        <source>a pipe</source>
        <translation>eine Pipe</translation>
    </message>
    <message>
        <source>a socket</source>
        <translation>ein Socket</translation>
    </message>
    <message>
        <source>a device</source>
        <translation>ein Gerät</translation>
    </message>
    <message>
        <source>{} is {}, not a file.</source>
        <translation>{} ist {}, keine Datei.</translation>
    </message>
    <message>
        <source>The file {} is too large: {}, at most {} can be read here.</source>
        <translation>Die Datei {} ist zu groß: {}, höchstens {} können hier gelesen werden.</translation>
    </message>
    <message>
        <source>There is not enough memory to read {} ({}).</source>
        <translation>Der Speicher reicht nicht, um {} zu lesen ({}).</translation>
    </message>
    <message>
        <source>The file {} cannot be read: {}.</source>
        <translation>Die Datei {} lässt sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>The file {} changed while it was read.
Try again when the program that writes it has finished.</source>
        <translation>Die Datei {} wurde beim Lesen geändert.
Erneut versuchen, wenn das Programm, das sie schreibt, fertig ist.</translation>
    </message>
    <message>
        <source>{} bytes</source>
        <translation>{} Bytes</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>Der Vorgang ist nicht erlaubt</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner gibt es nicht</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>Der Speicher reicht nicht</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Keine Berechtigung</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>Gerät oder Datei ist belegt</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Die Datei gibt es schon</translation>
    </message>
    <message>
        <source>Invalid cross-device link</source>
        <translation>Das Ziel liegt auf einem anderen Datenträger</translation>
    </message>
    <message>
        <source>No such device</source>
        <translation>Das Gerät gibt es nicht</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>Es ist kein Ordner</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>Es ist ein Ordner</translation>
    </message>
    <message>
        <source>Invalid argument</source>
        <translation>Ungültige Angabe</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>Zu viele offene Dateien</translation>
    </message>
    <message>
        <source>File too large</source>
        <translation>Die Datei ist zu groß</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Auf dem Datenträger ist kein Platz mehr</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Das Dateisystem ist nur lesbar</translation>
    </message>
    <message>
        <source>Broken pipe</source>
        <translation>Die Pipe ist unterbrochen</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>Der Dateiname ist zu lang</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>Der Ordner ist nicht leer</translation>
    </message>
    <message>
        <source>Too many levels of symbolic links</source>
        <translation>Zu viele Verknüpfungen hintereinander</translation>
    </message>
    <message>
        <source>Stale file handle</source>
        <translation>Die Datei auf dem Netzlaufwerk gibt es nicht mehr</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>Das Kontingent ist ausgeschöpft</translation>
    </message>
    <message>
        <source>Transport endpoint is not connected</source>
        <translation>Das Laufwerk ist nicht verbunden</translation>
    </message>
    <message>
        <source>The picture was not made: memory ran out.
Make it smaller or close other programs.</source>
        <translation>Das Bild wurde nicht erstellt: Der Speicher reicht nicht.
Es kleiner machen oder andere Programme schließen.</translation>
    </message>
    <message>
        <source>The picture was not made: the program made a mistake.
Its details are in the log.</source>
        <translation>Das Bild wurde nicht erstellt: Das Programm hat einen Fehler gemacht.
Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
        <source>The request in the picture {} is too large: at most {} can be read.</source>
        <translation>Der Auftrag im Bild {} ist zu groß: Höchstens {} können gelesen werden.</translation>
    </message>
    <message>
        <source>The request in the picture {} is damaged.
The picture itself may still be whole.</source>
        <translation>Der Auftrag im Bild {} ist beschädigt.
Das Bild selbst kann noch ganz sein.</translation>
    </message>
    <message>
        <source>an HTML page</source>
        <translation>eine HTML-Seite</translation>
    </message>
    <message>
        <source>an SVG drawing</source>
        <translation>eine SVG-Zeichnung</translation>
    </message>
    <message>
        <source>an XML file</source>
        <translation>eine XML-Datei</translation>
    </message>
    <message>
        <source>a Git LFS pointer, not the file itself</source>
        <translation>ein Git-LFS-Zeiger, nicht die Datei selbst</translation>
    </message>
    <message>
        <source>a JSON file</source>
        <translation>eine JSON-Datei</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>ein PDF-Dokument</translation>
    </message>
    <message>
        <source>a Photoshop file</source>
        <translation>eine Photoshop-Datei</translation>
    </message>
    <message>
        <source>a JPEG 2000 picture</source>
        <translation>ein JPEG-2000-Bild</translation>
    </message>
    <message>
        <source>a JPEG XL picture</source>
        <translation>ein JPEG-XL-Bild</translation>
    </message>
    <message>
        <source>a DDS texture</source>
        <translation>eine DDS-Textur</translation>
    </message>
    <message>
        <source>a Radiance HDR picture</source>
        <translation>ein Radiance-HDR-Bild</translation>
    </message>
    <message>
        <source>an icon file</source>
        <translation>eine Symboldatei</translation>
    </message>
    <message>
        <source>a GIMP file</source>
        <translation>eine GIMP-Datei</translation>
    </message>
    <message>
        <source>a GGUF model</source>
        <translation>ein GGUF-Modell</translation>
    </message>
    <message>
        <source>a pickle</source>
        <translation>ein Pickle</translation>
    </message>
    <message>
        <source>a ZIP archive (or a PyTorch checkpoint)</source>
        <translation>ein ZIP-Archiv (oder ein PyTorch-Checkpoint)</translation>
    </message>
    <message>
        <source>a gzip archive</source>
        <translation>ein gzip-Archiv</translation>
    </message>
    <message>
        <source>a 7z archive</source>
        <translation>ein 7z-Archiv</translation>
    </message>
    <message>
        <source>a RAR archive</source>
        <translation>ein RAR-Archiv</translation>
    </message>
    <message>
        <source>a program</source>
        <translation>ein Programm</translation>
    </message>
    <message>
        <source>a Windows program</source>
        <translation>ein Windows-Programm</translation>
    </message>
    <message>
        <source>an Ogg sound or video file</source>
        <translation>eine Ogg-Datei mit Ton oder Video</translation>
    </message>
    <message>
        <source>an MP3 sound file</source>
        <translation>eine MP3-Tondatei</translation>
    </message>
    <message>
        <source>a FLAC sound file</source>
        <translation>eine FLAC-Tondatei</translation>
    </message>
    <message>
        <source>a Matroska or WebM video</source>
        <translation>ein Matroska- oder WebM-Video</translation>
    </message>
    <message>
        <source>an SQLite database</source>
        <translation>eine SQLite-Datenbank</translation>
    </message>
    <message>
        <source>a WAV sound file</source>
        <translation>eine WAV-Tondatei</translation>
    </message>
    <message>
        <source>an AVI video</source>
        <translation>ein AVI-Video</translation>
    </message>
    <message>
        <source>a PNG picture</source>
        <translation>ein PNG-Bild</translation>
    </message>
    <message>
        <source>a JPEG picture</source>
        <translation>ein JPEG-Bild</translation>
    </message>
    <message>
        <source>a WebP picture</source>
        <translation>ein WebP-Bild</translation>
    </message>
    <message>
        <source>a TIFF picture</source>
        <translation>ein TIFF-Bild</translation>
    </message>
    <message>
        <source>an OpenEXR picture</source>
        <translation>ein OpenEXR-Bild</translation>
    </message>
    <message>
        <source>a BMP picture</source>
        <translation>ein BMP-Bild</translation>
    </message>
    <message>
        <source>a GIF picture</source>
        <translation>ein GIF-Bild</translation>
    </message>
    <message>
        <source>a HEIF or AVIF picture</source>
        <translation>ein HEIF- oder AVIF-Bild</translation>
    </message>
    <message>
        <source>a safetensors file</source>
        <translation>eine safetensors-Datei</translation>
    </message>
    <message>
        <source>a video or sound file</source>
        <translation>eine Video- oder Tondatei</translation>
    </message>
    <message>
        <source>a kind of file this program does not know</source>
        <translation>eine Art Datei, die dieses Programm nicht kennt</translation>
    </message>
    <message>
        <source>{}, at most {} can be read</source>
        <translation>{}, höchstens {} können gelesen werden</translation>
    </message>
    <message>
        <source>The picture {} is damaged: it is {}, but it cannot be read to its end.
Use another copy of it.</source>
        <translation>Das Bild {} ist beschädigt: Es ist {}, lässt sich aber nicht bis zum Ende lesen.
Eine andere Kopie verwenden.</translation>
    </message>
    <message>
        <source>The picture {} is too large: {}.
Make it smaller first.</source>
        <translation>Das Bild {} ist zu groß: {}.
Es zuerst verkleinern.</translation>
    </message>
    <message>
        <source>The file {} is empty (0 bytes).
Use another copy of it.</source>
        <translation>Die Datei {} ist leer (0 Bytes).
Eine andere Kopie verwenden.</translation>
    </message>
    <message>
        <source>{} is no picture this program reads: it is {}.
PNG, JPEG, WebP, TIFF, OpenEXR, BMP and GIF can be read.</source>
        <translation>{} ist kein Bild, das dieses Programm liest: Es ist {}.
Gelesen werden PNG, JPEG, WebP, TIFF, OpenEXR, BMP und GIF.</translation>
    </message>
    <message>
        <source>There is not enough memory to read the picture {}.
Use a smaller one.</source>
        <translation>Der Speicher reicht nicht, um das Bild {} zu lesen.
Ein kleineres verwenden.</translation>
    </message>
    <message>
        <source>The picture {} is damaged: it cannot be read.
Use another copy of it.</source>
        <translation>Das Bild {} ist beschädigt: Es lässt sich nicht lesen.
Eine andere Kopie verwenden.</translation>
    </message>
    <message>
        <source>{} x {} pixels, at most {} a side can be read</source>
        <translation>{} x {} Pixel, höchstens {} je Seite können gelesen werden</translation>
    </message>
    <message>
        <source>{} x {} is {} megapixels, at most {} can be read</source>
        <translation>{} x {} sind {} Megapixel, höchstens {} können gelesen werden</translation>
    </message>
    <message>
        <source>The picture {} is refused: {} in the file would fill {} of memory.
Save it again with less compression if it is yours.</source>
        <translation>Das Bild {} wird abgelehnt: {} in der Datei würden {} Speicher füllen.
Ist es ein eigenes, mit weniger Kompression neu speichern.</translation>
    </message>
    <message>
        <source>{} is {}, which can only be read from a file.
Save it to the disk first.</source>
        <translation>{} ist {}; das lässt sich nur aus einer Datei lesen.
Zuerst auf den Datenträger speichern.</translation>
    </message>
    <message>
        <source>The picture {} is a volume or has deep pixels, which are not read.
Export it as a flat picture.</source>
        <translation>Das Bild {} ist ein Volumen oder hat tiefe Pixel; beides wird nicht gelesen.
Als flaches Bild exportieren.</translation>
    </message>
    <message>
        <source>The picture {} has {} channels, at most {} are read.
Export it as RGB or RGBA.</source>
        <translation>Das Bild {} hat {} Kanäle, höchstens {} werden gelesen.
Als RGB oder RGBA exportieren.</translation>
    </message>
    <message>
        <source>{} in memory, at most {} can be read</source>
        <translation>{} im Speicher, höchstens {} können gelesen werden</translation>
    </message>
    <message>
        <source>A {} cannot hold {} x {} pixels, at most {} a side.
Save it as PNG or TIFF.</source>
        <translation>{} fasst keine {} x {} Pixel, höchstens {} je Seite.
Als PNG oder TIFF speichern.</translation>
    </message>
    <message>
        <source>The picture could not be packed into a file.</source>
        <translation>Das Bild ließ sich nicht in eine Datei packen.</translation>
    </message>
    <message>
        <source>There is not enough memory to save a picture of {} x {} pixels.</source>
        <translation>Der Speicher reicht nicht, um ein Bild mit {} x {} Pixeln zu speichern.</translation>
    </message>
    <message>
        <source>{} has no ending this program writes.
Use .png, .jpg, .tif, .exr or .webp.</source>
        <translation>{} hat keine Endung, die dieses Programm schreibt.
.png, .jpg, .tif, .exr oder .webp verwenden.</translation>
    </message>
    <message>
        <source>{} is damaged.</source>
        <translation>{} ist beschädigt.</translation>
    </message>
    <message>
        <source>Memory ran out while {} was read.</source>
        <translation>Der Speicher reichte nicht, um {} zu lesen.</translation>
    </message>
    <message>
        <source>{} could not be read or written ({}). Look whether the disk is full or the folder is read-only.</source>
        <translation>{} konnte nicht gelesen oder geschrieben werden ({}). Nachsehen, ob der Datenträger voll oder der Ordner schreibgeschützt ist.</translation>
    </message>
    <message>
        <source>Memory ran out while {} was opened.</source>
        <translation>Der Speicher reichte nicht, um {} zu öffnen.</translation>
    </message>
    <message>
        <source>The program ended {} times while it was made.</source>
        <translation>Das Programm endete {}-mal, während es erstellt wurde.</translation>
    </message>
    <message>
        <source>The queue could not be read; it lies in {}.damaged now.</source>
        <translation>Die Warteschlange ließ sich nicht lesen; sie liegt jetzt in {}.damaged.</translation>
    </message>
    <message>
        <source>The job is not in the queue any more.</source>
        <translation>Der Auftrag ist nicht mehr in der Warteschlange.</translation>
    </message>
    <message>
        <source>{} was not moved: {} is there already.</source>
        <translation>{} wurde nicht verschoben: {} gibt es schon.</translation>
    </message>
    <message>
        <source>{} was not moved to {}: {}.</source>
        <translation>{} wurde nicht nach {} verschoben: {}.</translation>
    </message>
    <message>
        <source>{} could not be read: {}.</source>
        <translation>{} ließ sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>No free name was found in {}.</source>
        <translation>In {} fand sich kein freier Name.</translation>
    </message>
    <message>
        <source>{} is not there; it was not taken in.</source>
        <translation>{} ist nicht da; es wurde nicht aufgenommen.</translation>
    </message>
    <message>
        <source>The picture is not in the library any more.</source>
        <translation>Das Bild ist nicht mehr in der Bibliothek.</translation>
    </message>
    <message>
        <source>{} was not moved aside: {}.</source>
        <translation>{} ließ sich nicht beiseitelegen: {}.</translation>
    </message>
    <message>
        <source>What belongs to {} could not be read: {}.</source>
        <translation>Was zu {} gehört, ließ sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>it has {} bytes; the most is {}</source>
        <translation>Es sind {} Bytes; höchstens {} sind erlaubt</translation>
    </message>
    <message>
        <source>it is nested deeper than {}</source>
        <translation>Es ist tiefer als {} verschachtelt</translation>
    </message>
    <message>
        <source>it is not valid JSON</source>
        <translation>Es ist kein gültiges JSON</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is no whole number from {} to {}</source>
        <translation>&quot;{}&quot; ist keine ganze Zahl von {} bis {}</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>Es ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>What belongs to {} was written by a newer version of this program; it was left as it is.</source>
        <translation>Was zu {} gehört, schrieb eine neuere Version dieses Programms; es blieb, wie es ist.</translation>
    </message>
    <message>
        <source>&quot;albums&quot; is no list of names</source>
        <translation>&quot;albums&quot; ist keine Liste von Namen</translation>
    </message>
    <message>
        <source>&quot;request&quot; is missing</source>
        <translation>&quot;request&quot; fehlt</translation>
    </message>
    <message>
        <source>The project {} could not be read: {}.</source>
        <translation>Das Projekt {} ließ sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>a key stands twice</source>
        <translation>Ein Schlüssel steht zweimal da</translation>
    </message>
    <message>
        <source>it does not say its version</source>
        <translation>Es nennt seine Version nicht</translation>
    </message>
    <message>
        <source>The project {} was written by a newer version of this program.
It was left as it is. Open it with that version.</source>
        <translation>Das Projekt {} schrieb eine neuere Version dieses Programms.
Es blieb, wie es ist. Mit jener Version öffnen.</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is missing or not of its kind</source>
        <translation>&quot;{}&quot; fehlt oder ist nicht von seiner Art</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is longer than {} bytes</source>
        <translation>&quot;{}&quot; ist länger als {} Bytes</translation>
    </message>
    <message>
        <source>a content is not called by its hash</source>
        <translation>Ein Inhalt heißt nicht nach seiner Prüfsumme</translation>
    </message>
    <message>
        <source>a card is not a JSON object</source>
        <translation>Eine Karte ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>a card names too many contents</source>
        <translation>Eine Karte nennt zu viele Inhalte</translation>
    </message>
    <message>
        <source>it has {} cards for {} references, and {} are the most</source>
        <translation>Es hat {} Karten für {} Referenzen, und {} sind das Höchste</translation>
    </message>
    <message>
        <source>it is larger than {}</source>
        <translation>Es ist größer als {}</translation>
    </message>
    <message>
        <source>{} is not a project of this program.</source>
        <translation>{} ist kein Projekt dieses Programms.</translation>
    </message>
    <message>
        <source>it ends too early</source>
        <translation>Es endet zu früh</translation>
    </message>
    <message>
        <source>its list of contents is not one</source>
        <translation>Seine Liste der Inhalte ist keine</translation>
    </message>
    <message>
        <source>it holds a content that nothing needs</source>
        <translation>Es enthält einen Inhalt, den nichts braucht</translation>
    </message>
    <message>
        <source>a picture in it was changed or cut</source>
        <translation>Ein Bild darin wurde geändert oder abgeschnitten</translation>
    </message>
    <message>
        <source>there are {} bytes behind its end</source>
        <translation>Hinter seinem Ende stehen {} Bytes</translation>
    </message>
    <message>
        <source>a picture is missing in it</source>
        <translation>Ein Bild fehlt darin</translation>
    </message>
    <message>
        <source>The folder of this sitting could not be made: {}.</source>
        <translation>Der Ordner dieser Sitzung konnte nicht angelegt werden: {}.</translation>
    </message>
    <message>
        <source>has more than 8 levels</source>
        <translation>hat mehr als 8 Ebenen</translation>
    </message>
    <message>
        <source>{} does not divide {} channels</source>
        <translation>{} teilt {} Kanäle nicht</translation>
    </message>
    <message>
        <source>and latents_std must both hold {} numbers, or neither</source>
        <translation>und latents_std müssen beide {} Zahlen enthalten, oder keine</translation>
    </message>
    <message>
        <source>does not divide hidden_size {}</source>
        <translation>teilt hidden_size {} nicht</translation>
    </message>
    <message>
        <source>is larger than image_size {}</source>
        <translation>ist größer als image_size {}</translation>
    </message>
    <message>
        <source>{}/config.json holds no JSON object, so the model cannot be built.</source>
        <translation>{}/config.json enthält kein JSON-Objekt, das Modell lässt sich nicht bauen.</translation>
    </message>
    <message>
        <source>{}/config.json: &quot;{}&quot; {}. The model was not opened.</source>
        <translation>{}/config.json: &quot;{}&quot; {}. Das Modell wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>is {}, a whole number is needed</source>
        <translation>ist {}, nötig ist eine ganze Zahl</translation>
    </message>
    <message>
        <source>is {}, it must lie between {} and {}</source>
        <translation>ist {}, es muss zwischen {} und {} liegen</translation>
    </message>
    <message>
        <source>is {}, a number between {} and {} is needed</source>
        <translation>ist {}, nötig ist eine Zahl zwischen {} und {}</translation>
    </message>
    <message>
        <source>is {}, true or false is needed</source>
        <translation>ist {}, nötig ist true oder false</translation>
    </message>
    <message>
        <source>is {}, a text is needed</source>
        <translation>ist {}, nötig ist ein Text</translation>
    </message>
    <message>
        <source>is {}, a list of {} whole numbers is needed</source>
        <translation>ist {}, nötig ist eine Liste von {} ganzen Zahlen</translation>
    </message>
    <message>
        <source>1 to 16</source>
        <translation>1 bis 16</translation>
    </message>
    <message>
        <source>holds {}, whole numbers between 1 and {} are needed</source>
        <translation>enthält {}, nötig sind ganze Zahlen zwischen 1 und {}</translation>
    </message>
    <message>
        <source>is {}, a list of names is needed</source>
        <translation>ist {}, nötig ist eine Liste von Namen</translation>
    </message>
    <message>
        <source>is {}, a list of numbers is needed</source>
        <translation>ist {}, nötig ist eine Liste von Zahlen</translation>
    </message>
    <message>
        <source>is {}, which this program does not support</source>
        <translation>ist {}; das unterstützt dieses Programm nicht</translation>
    </message>
    <message>
        <source>is missing although addition_embed_type is text_time</source>
        <translation>fehlt, obwohl addition_embed_type text_time ist</translation>
    </message>
    <message>
        <source>and up_block_types must name {} blocks each, as block_out_channels has levels</source>
        <translation>und up_block_types müssen je {} Blöcke nennen, so viele wie block_out_channels Ebenen hat</translation>
    </message>
    <message>
        <source>names &quot;{}&quot;, which this program does not know</source>
        <translation>nennt &quot;{}&quot;; das kennt dieses Programm nicht</translation>
    </message>
    <message>
        <source>gives {} heads, which do not divide {} channels</source>
        <translation>ergibt {} Köpfe, die {} Kanäle nicht teilen</translation>
    </message>
    <message>
        <source>must begin with an even number</source>
        <translation>muss mit einer geraden Zahl beginnen</translation>
    </message>
    <message>
        <source>The activation &quot;{}&quot; is not known; silu, gelu and quick_gelu are.</source>
        <translation>Die Aktivierung &quot;{}&quot; ist nicht bekannt; silu, gelu und quick_gelu sind es.</translation>
    </message>
    <message>
        <source>clip_skip is {}, this text encoder has {} layers; at most {} can be skipped.</source>
        <translation>clip_skip ist {}, dieser Text-Encoder hat {} Schichten; höchstens {} können übersprungen werden.</translation>
    </message>
    <message>
        <source>block_scales names &quot;{}&quot;, this UNet&apos;s blocks with an image branch are: {}.</source>
        <translation>block_scales nennt &quot;{}&quot;, die Blöcke dieses UNets mit einem Bildzweig sind: {}.</translation>
    </message>
    <message>
        <source>The tokenizer{} knows {} tokens, {} only {}. They do not belong together.</source>
        <translation>Der Tokenizer{} kennt {} Tokens, {} nur {}. Sie gehören nicht zusammen.</translation>
    </message>
    <message>
        <source>The UNet&apos;s cross-attention reads {} values a token, the text encoder gives {}. They do not belong together.</source>
        <translation>Die Cross-Attention des UNets liest {} Werte je Token, der Text-Encoder liefert {}. Sie gehören nicht zusammen.</translation>
    </message>
    <message>
        <source>The component text_encoder_2 has no text_projection, which SDXL needs for its pooled prompt.</source>
        <translation>Die Komponente text_encoder_2 hat keine text_projection, die SDXL für seinen gepoolten Prompt braucht.</translation>
    </message>
    <message>
        <source>unet/config.json: projection_class_embeddings_input_dim is {}, but text_encoder_2 gives {} values and six time ids of {}. They do not belong together.</source>
        <translation>unet/config.json: projection_class_embeddings_input_dim ist {}, aber text_encoder_2 liefert {} Werte und sechs time_ids zu {}. Sie gehören nicht zusammen.</translation>
    </message>
    <message>
        <source>The component {} has no weights: {}/{}.safetensors is not there, nor its fp16 variant. Copy the whole model again.</source>
        <translation>Die Komponente {} hat keine Gewichte: {}/{}.safetensors ist nicht da, auch nicht als fp16. Das ganze Modell neu kopieren.</translation>
    </message>
    <message>
        <source>The references were not used: {} and the model {} brings no adapter of its own. Choose an adapter file.</source>
        <translation>Die Referenzen wurden nicht verwendet: {} und das Modell {} bringt keinen eigenen Adapter mit. Eine Adapterdatei wählen.</translation>
    </message>
    <message>
        <source>no adapter was named</source>
        <translation>Kein Adapter wurde genannt</translation>
    </message>
    <message>
        <source>there is no file {}</source>
        <translation>Eine Datei {} gibt es nicht</translation>
    </message>
    <message>
        <source>There is no adapter &quot;{}&quot;. The model {} has: {}.</source>
        <translation>Einen Adapter &quot;{}&quot; gibt es nicht. Das Modell {} hat: {}.</translation>
    </message>
    <message>
        <source>The adapter {} needs an image encoder, and none lies in the model or beside the file. Put the folder image_encoder there, or name it.</source>
        <translation>Der Adapter {} braucht einen Bild-Encoder, und weder im Modell noch bei der Datei liegt einer. Den Ordner image_encoder dorthin legen oder ihn nennen.</translation>
    </message>
    <message>
        <source>the text encoder&apos;s embeddings have {} values, the image encoder&apos;s {}; they share no space</source>
        <translation>Die Embeddings des Text-Encoders haben {} Werte, die des Bild-Encoders {}; sie teilen keinen Raum</translation>
    </message>
    <message>
        <source>the model&apos;s text encoder has no projection into the image encoder&apos;s space</source>
        <translation>Der Text-Encoder des Modells hat keine Projektion in den Raum des Bild-Encoders</translation>
    </message>
    <message>
        <source>Reference {} has no picture ({}).</source>
        <translation>Referenz {} hat kein Bild ({}).</translation>
    </message>
    <message>
        <source>no path</source>
        <translation>kein Pfad</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>whole numbers</source>
        <translation>ganze Zahlen</translation>
    </message>
    <message>
        <source>words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>is empty; give at least one</source>
        <translation>ist leer; mindestens ein Wert ist nötig</translation>
    </message>
    <message>
        <source>holds {}; {} takes {}</source>
        <translation>enthält {}; {} nimmt {}</translation>
    </message>
    <message>
        <source>holds {} twice</source>
        <translation>enthält {} zweimal</translation>
    </message>
    <message>
        <source>names reference {}; there are {}</source>
        <translation>nennt Referenz {}; es gibt {}</translation>
    </message>
    <message>
        <source>is {}; there are {} references</source>
        <translation>ist {}; es gibt {} Referenzen</translation>
    </message>
    <message>
        <source>is the references&apos; strength, and there are none</source>
        <translation>ist die Stärke der Referenzen, und es gibt keine</translation>
    </message>
    <message>
        <source>reference {}</source>
        <translation>Referenz {}</translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation>der des Modells</translation>
    </message>
    <message>
        <source>has {}; a comparison has one or two</source>
        <translation>hat {}; ein Vergleich hat eine oder zwei</translation>
    </message>
    <message>
        <source>is {}, which the other axis varies too</source>
        <translation>ist {}; das verändert die andere Achse auch</translation>
    </message>
    <message>
        <source>make more than {} pictures</source>
        <translation>ergeben mehr als {} Bilder</translation>
    </message>
    <message>
        <source>The comparison could not be read: {}.</source>
        <translation>Der Vergleich ließ sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>{} is not an object</source>
        <translation>{} ist kein Objekt</translation>
    </message>
    <message>
        <source>{} has the unknown key {}</source>
        <translation>{} hat den unbekannten Schlüssel {}</translation>
    </message>
    <message>
        <source>{} holds something that is not a number</source>
        <translation>{} enthält etwas, das keine Zahl ist</translation>
    </message>
    <message>
        <source>{} holds something that is not a whole number from 0</source>
        <translation>{} enthält etwas, das keine ganze Zahl ab 0 ist</translation>
    </message>
    <message>
        <source>{} holds something that is not text</source>
        <translation>{} enthält etwas, das kein Text ist</translation>
    </message>
    <message>
        <source>{} has no field</source>
        <translation>{} hat kein Feld</translation>
    </message>
    <message>
        <source>{} varies a field that is not known</source>
        <translation>{} verändert ein Feld, das nicht bekannt ist</translation>
    </message>
    <message>
        <source>{}.reference is not a small whole number</source>
        <translation>{}.reference ist keine kleine ganze Zahl</translation>
    </message>
    <message>
        <source>{} has no list of values</source>
        <translation>{} hat keine Liste von Werten</translation>
    </message>
    <message>
        <source>{} has {} values; the most is {}</source>
        <translation>{} hat {} Werte; höchstens {} sind möglich</translation>
    </message>
    <message>
        <source>it</source>
        <translation>Er</translation>
    </message>
    <message>
        <source>it has no list of one or two axes</source>
        <translation>Es hat keine Liste von einer oder zwei Achsen</translation>
    </message>
    <message>
        <source>The settings in it were not read: {}.</source>
        <translation>Die Einstellungen darin wurden nicht gelesen: {}.</translation>
    </message>
    <message>
        <source>The settings in it were not read: they are nested deeper than {}.</source>
        <translation>Die Einstellungen darin wurden nicht gelesen: Sie sind tiefer als {} verschachtelt.</translation>
    </message>
    <message>
        <source>they are no valid JSON</source>
        <translation>Sie sind kein gültiges JSON</translation>
    </message>
    <message>
        <source>they are no graph</source>
        <translation>Sie sind kein Graph</translation>
    </message>
    <message>
        <source>The settings in it were not read: {} nodes; the most is {}.</source>
        <translation>Die Einstellungen darin wurden nicht gelesen: {} Knoten; höchstens {} sind möglich.</translation>
    </message>
    <message>
        <source>no sampler stands in the graph</source>
        <translation>Im Graphen steht kein Sampler</translation>
    </message>
    <message>
        <source>strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>The settings in it were not read: {} {}; the most is {}.</source>
        <translation>Die Einstellungen darin wurden nicht gelesen: {} {}; höchstens {} sind möglich.</translation>
    </message>
    <message>
        <source>sampler</source>
        <translation>Sampler</translation>
    </message>
    <message>
        <source>noise schedule</source>
        <translation>Rauschplan</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>the line that begins with &quot;Steps:&quot; is missing</source>
        <translation>Die Zeile, die mit &quot;Steps:&quot; beginnt, fehlt</translation>
    </message>
    <message>
        <source>The settings in it were not read: they have {} bytes; the most is {}.</source>
        <translation>Die Einstellungen darin wurden nicht gelesen: Sie haben {} Bytes; höchstens {} sind möglich.</translation>
    </message>
    <message>
        <source>The request could not be read: {}.</source>
        <translation>Der Auftrag ließ sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>the key {} stands twice</source>
        <translation>Der Schlüssel {} steht zweimal da</translation>
    </message>
    <message>
        <source>it is not valid JSON (a zero byte)</source>
        <translation>Es ist kein gültiges JSON (ein Nullbyte)</translation>
    </message>
    <message>
        <source>it is not valid JSON (byte {})</source>
        <translation>Es ist kein gültiges JSON (Byte {})</translation>
    </message>
    <message>
        <source>it holds a number that is too large</source>
        <translation>Es enthält eine zu große Zahl</translation>
    </message>
    <message>
        <source>{}{} is not a known key</source>
        <translation>{}{} ist kein bekannter Schlüssel</translation>
    </message>
    <message>
        <source>{}{} is {}, expected {}</source>
        <translation>{}{} ist {}, erwartet wird {}</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>a whole number from 0 to 2^64 - 1</source>
        <translation>eine ganze Zahl von 0 bis 2^64 - 1</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>crop, squash or pad</source>
        <translation>crop, squash oder pad</translation>
    </message>
    <message>
        <source>four numbers</source>
        <translation>vier Zahlen</translation>
    </message>
    <message>
        <source>two numbers</source>
        <translation>zwei Zahlen</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>join or average</source>
        <translation>join oder average</translation>
    </message>
    <message>
        <source>The model {} was not opened: its component {} is missing ({}/{} is not there). Copy the whole folder, or choose another model.</source>
        <translation>Das Modell {} wurde nicht geöffnet: Seine Komponente {} fehlt ({}/{} ist nicht da). Den ganzen Ordner kopieren oder ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>The model {} was not opened: its UNet wants &quot;{}&quot; conditions, a family this program does not know. SD 1.5 and SDXL folders can be opened.</source>
        <translation>Das Modell {} wurde nicht geöffnet: Sein UNet verlangt Bedingungen &quot;{}&quot;; diese Familie kennt das Programm nicht. Ordner von SD 1.5 und SDXL können geöffnet werden.</translation>
    </message>
    <message>
        <source>The model {} was not opened: its model_index.json names no text_encoder.</source>
        <translation>Das Modell {} wurde nicht geöffnet: Seine model_index.json nennt keinen text_encoder.</translation>
    </message>
    <message>
        <source>The model {} was not opened: vae/config.json has {} levels in block_out_channels, 1 to 8 can be.</source>
        <translation>Das Modell {} wurde nicht geöffnet: vae/config.json hat {} Ebenen in block_out_channels, 1 bis 8 sind möglich.</translation>
    </message>
    <message>
        <source>{} is no valid JSON, so it was not read. Copy the file again.</source>
        <translation>{} ist kein gültiges JSON und wurde nicht gelesen. Die Datei neu kopieren.</translation>
    </message>
    <message>
        <source>{} is nested deeper than {} levels, so it was not read.</source>
        <translation>{} ist tiefer als {} Ebenen verschachtelt und wurde nicht gelesen.</translation>
    </message>
    <message>
        <source>There is no model at {}. Check the path.</source>
        <translation>Unter {} liegt kein Modell. Den Pfad prüfen.</translation>
    </message>
    <message>
        <source>{} holds no model_index.json, so it is no diffusers folder. Choose the folder that holds unet/, vae/ and text_encoder/.</source>
        <translation>{} enthält keine model_index.json und ist damit kein diffusers-Ordner. Den Ordner wählen, der unet/, vae/ und text_encoder/ enthält.</translation>
    </message>
    <message>
        <source>{}/model_index.json holds no JSON object.</source>
        <translation>{}/model_index.json enthält kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>The model {} was not opened: unet/config.json or vae/config.json holds no JSON object.</source>
        <translation>Das Modell {} wurde nicht geöffnet: unet/config.json oder vae/config.json enthält kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>The model {} was not opened: scheduler_config.json holds no JSON object.</source>
        <translation>Das Modell {} wurde nicht geöffnet: scheduler_config.json enthält kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>There is no model &quot;{}&quot;: no such path, and no model of that name in {} or {}. `likeness models list` shows the names.</source>
        <translation>Ein Modell &quot;{}&quot; gibt es nicht: keinen solchen Pfad und kein Modell dieses Namens in {} oder {}. `likeness models list` zeigt die Namen.</translation>
    </message>
    <message>
        <source>is not a number; it goes from {} to {}</source>
        <translation>ist keine Zahl; möglich ist {} bis {}</translation>
    </message>
    <message>
        <source>is {}; it goes from {} to {}</source>
        <translation>ist {}; möglich ist {} bis {}</translation>
    </message>
    <message>
        <source>is {}, which is not a multiple of {}; {} would do</source>
        <translation>ist {}, kein Vielfaches von {}; {} würde passen</translation>
    </message>
    <message>
        <source>{} or {}</source>
        <translation>{} oder {}</translation>
    </message>
    <message>
        <source>is no block; blocks are named like down.block_1, mid, up.block_0 or up.block_0.attentions_1</source>
        <translation>ist kein Block; Blöcke heißen wie down.block_1, mid, up.block_0 oder up.block_0.attentions_1</translation>
    </message>
    <message>
        <source>is [{}, {}, {}, {}]; it is left, top, width and height in shares of the picture, inside of it</source>
        <translation>ist [{}, {}, {}, {}]; es sind links, oben, Breite und Höhe in Anteilen des Bildes, innerhalb von ihm</translation>
    </message>
    <message>
        <source>is no block of this model through which a reference acts; those are {}</source>
        <translation>ist kein Block dieses Modells, durch den eine Referenz wirkt; das sind {}</translation>
    </message>
    <message>
        <source>has neither a picture nor a path</source>
        <translation>hat weder ein Bild noch einen Pfad</translation>
    </message>
    <message>
        <source>is {}, not before the range&apos;s end at {}; the reference would never act</source>
        <translation>ist {}, nicht vor dem Ende des Bereichs bei {}; die Referenz würde nie wirken</translation>
    </message>
    <message>
        <source>hangs on {} others; the most is {}</source>
        <translation>hängt an {} anderen; höchstens {} sind möglich</translation>
    </message>
    <message>
        <source>differs from the picture that this one branches from</source>
        <translation>ist anders als bei dem Bild, von dem dieses abzweigt</translation>
    </message>
    <message>
        <source>is {}; a branch makes one picture</source>
        <translation>ist {}; ein abgezweigtes Bild ist eines allein</translation>
    </message>
    <message>
        <source>is {}; it goes from 1 to {}</source>
        <translation>ist {}; möglich ist 1 bis {}</translation>
    </message>
    <message>
        <source>is empty; name an installed model or a folder</source>
        <translation>ist leer; ein installiertes Modell oder einen Ordner nennen</translation>
    </message>
    <message>
        <source>has {} pictures; the most is {}</source>
        <translation>hat {} Bilder; höchstens {} sind möglich</translation>
    </message>
    <message>
        <source>cannot act: the model has no image-prompt adapter; choose one, or another model</source>
        <translation>können nicht wirken: Das Modell hat keinen Bild-Prompt-Adapter; einen wählen oder ein anderes Modell</translation>
    </message>
    <message>
        <source>are {}; the most is {}</source>
        <translation>sind {}; höchstens {} sind möglich</translation>
    </message>
    <message>
        <source>is {}; picture {} would need a seed past 2^64 - 1</source>
        <translation>ist {}; Bild {} bräuchte einen Startwert über 2^64 - 1</translation>
    </message>
    <message>
        <source>is &quot;{}&quot;; it is cpu, cuda or cuda:N</source>
        <translation>ist &quot;{}&quot;; möglich ist cpu, cuda oder cuda:N</translation>
    </message>
    <message>
        <source>is &quot;{}&quot;; it is float32, bfloat16 or float16</source>
        <translation>ist &quot;{}&quot;; möglich ist float32, bfloat16 oder float16</translation>
    </message>
    <message>
        <source>The model {} has no image encoder. Choose another model, or name a folder with --image-encoder.</source>
        <translation>Das Modell {} hat keinen Bild-Encoder. Ein anderes Modell wählen oder mit --image-encoder einen Ordner nennen.</translation>
    </message>
    <message>
        <source>The pictures were not embedded: the program made a mistake.</source>
        <translation>Die Bilder wurden nicht eingebettet: Das Programm hat einen Fehler gemacht.</translation>
    </message>
    <message>
        <source>The picture was not made: the program made a mistake. Its details are in the log.</source>
        <translation>Das Bild wurde nicht erstellt: Das Programm hat einen Fehler gemacht. Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
        <source>The scheduler&apos;s config asks for dynamic thresholding, which this program does not do.</source>
        <translation>Die Konfiguration des Schedulers verlangt dynamisches Thresholding, das dieses Programm nicht beherrscht.</translation>
    </message>
    <message>
        <source>num_inference_steps is {}; this model takes 1 to {}.</source>
        <translation>num_inference_steps ist {}; dieses Modell nimmt 1 bis {}.</translation>
    </message>
    <message>
        <source>{} is {}, expected {}</source>
        <translation>{} ist {}, erwartet wird {}</translation>
    </message>
    <message>
        <source>a number from {} to {}</source>
        <translation>eine Zahl von {} bis {}</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>one of {}</source>
        <translation>eines von {}</translation>
    </message>
    <message>
        <source>The scheduler&apos;s config is not a JSON object.</source>
        <translation>Die Konfiguration des Schedulers ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>a name</source>
        <translation>ein Name</translation>
    </message>
    <message>
        <source>2 to 100000 numbers from 0 to 1</source>
        <translation>2 bis 100000 Zahlen von 0 bis 1</translation>
    </message>
    <message>
        <source>The scheduler&apos;s config cannot be used: {}.</source>
        <translation>Die Konfiguration des Schedulers ist nicht verwendbar: {}.</translation>
    </message>
    <message>
        <source>dtype is &quot;{}&quot;; float32, bfloat16 and float16 are known.</source>
        <translation>dtype ist &quot;{}&quot;; bekannt sind float32, bfloat16 und float16.</translation>
    </message>
    <message>
        <source>The device &quot;{}&quot; is not here: {} CUDA devices were found. Use cpu.</source>
        <translation>Das Gerät &quot;{}&quot; ist nicht da: {} CUDA-Geräte wurden gefunden. cpu verwenden.</translation>
    </message>
    <message>
        <source>The device &quot;{}&quot; is not known; cpu, cuda and cuda:N are.</source>
        <translation>Das Gerät &quot;{}&quot; ist nicht bekannt; bekannt sind cpu, cuda und cuda:N.</translation>
    </message>
    <message>
        <source>{} could not be opened: {}.
Download the model again.</source>
        <translation>{} ließ sich nicht öffnen: {}.
Das Modell neu herunterladen.</translation>
    </message>
    <message>
        <source>it is nested too deeply</source>
        <translation>Es ist zu tief verschachtelt</translation>
    </message>
    <message>
        <source>it has the key {} twice</source>
        <translation>Es hat den Schlüssel {} zweimal</translation>
    </message>
    <message>
        <source>it is no byte-pair vocabulary of CLIP&apos;s kind</source>
        <translation>Es ist kein Byte-Pair-Wortschatz nach Art von CLIP</translation>
    </message>
    <message>
        <source>it lacks its vocabulary or its merges</source>
        <translation>Der Wortschatz oder die Merges fehlen</translation>
    </message>
    <message>
        <source>its merge {} is not a pair of tokens</source>
        <translation>Der Merge {} ist kein Paar von Tokens</translation>
    </message>
    <message>
        <source>the token {} has no id within the vocabulary</source>
        <translation>Das Token {} hat keine Nummer innerhalb des Wortschatzes</translation>
    </message>
    <message>
        <source>two tokens have the id {}</source>
        <translation>Zwei Tokens haben die Nummer {}</translation>
    </message>
    <message>
        <source>its line {} is not a pair of tokens</source>
        <translation>Die Zeile {} ist kein Paar von Tokens</translation>
    </message>
    <message>
        <source>its line {} uses a token that the vocabulary does not have</source>
        <translation>Die Zeile {} verwendet ein Token, das der Wortschatz nicht hat</translation>
    </message>
    <message>
        <source>its line {} repeats an earlier one</source>
        <translation>Die Zeile {} wiederholt eine frühere</translation>
    </message>
    <message>
        <source>it lacks the {} {}</source>
        <translation>{} {} fehlt</translation>
    </message>
    <message>
        <source>{}: {} does not fit this network.</source>
        <translation>{}: {} passt nicht zu diesem Netz.</translation>
    </message>
    <message>
        <source>{} holds no averaged weights.</source>
        <translation>{} enthält keine gemittelten Gewichte.</translation>
    </message>
    <message>
        <source>it names the tensor {} twice</source>
        <translation>Der Index nennt den Tensor {} zweimal</translation>
    </message>
    <message>
        <source>its weight_map is not a plain list of names</source>
        <translation>Die weight_map ist keine einfache Liste von Namen</translation>
    </message>
    <message>
        <source>it has weight_map twice</source>
        <translation>Der Index hat weight_map zweimal</translation>
    </message>
    <message>
        <source>it has a tensor name that is empty or longer than 1,024 bytes</source>
        <translation>Der Index hat einen Tensornamen, der leer oder länger als 1.024 Bytes ist</translation>
    </message>
    <message>
        <source>it names more than 100,000 tensors</source>
        <translation>Der Index nennt mehr als 100.000 Tensoren</translation>
    </message>
    <message>
        <source>it is not valid JSON at byte {}</source>
        <translation>Es ist kein gültiges JSON bei Byte {}</translation>
    </message>
    <message>
        <source>it has no weight_map, or an empty one</source>
        <translation>Der Index hat keine weight_map, oder eine leere</translation>
    </message>
    <message>
        <source>{} could not be opened: there is no such file.</source>
        <translation>{} ließ sich nicht öffnen: Die Datei gibt es nicht.</translation>
    </message>
    <message>
        <source>{} could not be opened: {}.</source>
        <translation>{} ließ sich nicht öffnen: {}.</translation>
    </message>
    <message>
        <source>{} could not be opened: it is not a regular file.</source>
        <translation>{} ließ sich nicht öffnen: Es ist keine gewöhnliche Datei.</translation>
    </message>
    <message>
        <source>{} was changed while it was read.
Wait until it is written, then open the model again.</source>
        <translation>{} wurde beim Lesen geändert.
Warten, bis die Datei geschrieben ist, dann das Modell erneut öffnen.</translation>
    </message>
    <message>
        <source>it names {} files; this program reads up to {}</source>
        <translation>Der Index nennt {} Dateien; dieses Programm liest bis zu {}</translation>
    </message>
    <message>
        <source>it says that {} holds the tensor {}, which is not so</source>
        <translation>Der Index sagt, dass {} den Tensor {} enthält; das stimmt nicht</translation>
    </message>
    <message>
        <source>it does not name the tensor {}, which its files hold</source>
        <translation>Der Index nennt den Tensor {} nicht, den seine Dateien enthalten</translation>
    </message>
    <message>
        <source>{} could not be opened: its tensor {} is in another of the model&apos;s files too.
Download the model again.</source>
        <translation>{} ließ sich nicht öffnen: Der Tensor {} steht auch in einer anderen Datei des Modells.
Das Modell neu herunterladen.</translation>
    </message>
    <message>
        <source>{} could not be opened: the model&apos;s files name more than {} tensors.</source>
        <translation>{} ließ sich nicht öffnen: Die Dateien des Modells nennen mehr als {} Tensoren.</translation>
    </message>
    <message>
        <source>Download the file again.</source>
        <translation>Die Datei neu herunterladen.</translation>
    </message>
    <message>
        <source>{} could not be opened: {}.
{}</source>
        <translation>{} ließ sich nicht öffnen: {}.
{}</translation>
    </message>
    <message>
        <source>holds a null, which the format does not know</source>
        <translation>enthält ein null, das das Format nicht kennt</translation>
    </message>
    <message>
        <source>holds a true or false, which the format does not know</source>
        <translation>enthält ein true oder false, das das Format nicht kennt</translation>
    </message>
    <message>
        <source>holds the negative number {}{}</source>
        <translation>enthält die negative Zahl {}{}</translation>
    </message>
    <message>
        <source>holds {}{}, where only whole numbers may stand</source>
        <translation>enthält {}{}, wo nur ganze Zahlen stehen dürfen</translation>
    </message>
    <message>
        <source>holds binary data</source>
        <translation>enthält binäre Daten</translation>
    </message>
    <message>
        <source>holds the number {} where none may stand{}</source>
        <translation>enthält die Zahl {}, wo keine stehen darf{}</translation>
    </message>
    <message>
        <source>gives {} more than {} {}</source>
        <translation>gibt {} mehr als {} {}</translation>
    </message>
    <message>
        <source>dimensions</source>
        <translation>Dimensionen</translation>
    </message>
    <message>
        <source>offsets</source>
        <translation>Offsets</translation>
    </message>
    <message>
        <source>gives {} a dimension of {}; this program reads up to 2^48</source>
        <translation>gibt {} eine Dimension von {}; dieses Programm liest bis 2^48</translation>
    </message>
    <message>
        <source>holds the text {} where none may stand{}</source>
        <translation>enthält den Text {}, wo keiner stehen darf{}</translation>
    </message>
    <message>
        <source>has metadata that is not plain text</source>
        <translation>hat Metadaten, die kein einfacher Text sind</translation>
    </message>
    <message>
        <source>nests an object where none may stand{}</source>
        <translation>schachtelt ein Objekt, wo keines stehen darf{}</translation>
    </message>
    <message>
        <source>has the metadata key {} twice</source>
        <translation>hat den Metadaten-Schlüssel {} zweimal</translation>
    </message>
    <message>
        <source>gives {} the field {}, which the format does not know</source>
        <translation>gibt {} das Feld {}, das das Format nicht kennt</translation>
    </message>
    <message>
        <source>gives {} the field {} twice</source>
        <translation>gibt {} das Feld {} zweimal</translation>
    </message>
    <message>
        <source>has a key where none may stand</source>
        <translation>hat einen Schlüssel, wo keiner stehen darf</translation>
    </message>
    <message>
        <source>has a list where none may stand{}</source>
        <translation>hat eine Liste, wo keine stehen darf{}</translation>
    </message>
    <message>
        <source>is not valid {} at byte {}</source>
        <translation>ist kein gültiges {} bei Byte {}</translation>
    </message>
    <message>
        <source>its header {}</source>
        <translation>Ihr Kopf {}</translation>
    </message>
    <message>
        <source> (at {})</source>
        <translation> (bei {})</translation>
    </message>
    <message>
        <source>has __metadata__ twice</source>
        <translation>hat __metadata__ zweimal</translation>
    </message>
    <message>
        <source>names a tensor with no name</source>
        <translation>nennt einen Tensor ohne Namen</translation>
    </message>
    <message>
        <source>has a name of {} bytes; this program reads up to {}</source>
        <translation>hat einen Namen von {} Bytes; dieses Programm liest bis zu {}</translation>
    </message>
    <message>
        <source>has control characters in the name {}</source>
        <translation>hat Steuerzeichen im Namen {}</translation>
    </message>
    <message>
        <source>names {} twice</source>
        <translation>nennt {} zweimal</translation>
    </message>
    <message>
        <source>names more than {} tensors, which is more than this program reads</source>
        <translation>nennt mehr als {} Tensoren, mehr als dieses Programm liest</translation>
    </message>
    <message>
        <source>It may run code when it is opened, so this program never does. Get the .safetensors form of the same model, or convert it with a program you trust.</source>
        <translation>Beim Öffnen könnte es Code ausführen, darum öffnet dieses Programm es nie. Das Modell als .safetensors holen oder mit einem vertrauten Programm umwandeln.</translation>
    </message>
    <message>
        <source>it is a Git LFS pointer, a note that stands for the real file</source>
        <translation>Es ist ein Git-LFS-Zeiger, ein Zettel anstelle der Datei</translation>
    </message>
    <message>
        <source>Run `git lfs pull` in its folder, or download the file itself.</source>
        <translation>`git lfs pull` in ihrem Ordner ausführen oder die Datei selbst herunterladen.</translation>
    </message>
    <message>
        <source>it is a web page, not a model; the download went wrong</source>
        <translation>Es ist eine Webseite, kein Modell; der Download ging schief</translation>
    </message>
    <message>
        <source>Download the file itself; the site may want you to log in first.</source>
        <translation>Die Datei selbst herunterladen; vielleicht verlangt die Seite vorher eine Anmeldung.</translation>
    </message>
    <message>
        <source>it is a PyTorch pickle (or another zip archive), whatever its name says</source>
        <translation>Es ist ein PyTorch-Pickle (oder ein anderes ZIP-Archiv), was auch immer der Name sagt</translation>
    </message>
    <message>
        <source>it is a pickle (an old PyTorch checkpoint), whatever its name says</source>
        <translation>Es ist ein Pickle (ein alter PyTorch-Checkpoint), was auch immer der Name sagt</translation>
    </message>
    <message>
        <source>it is a GGUF file, which this program does not read</source>
        <translation>Es ist eine GGUF-Datei, die dieses Programm nicht liest</translation>
    </message>
    <message>
        <source>Get the .safetensors form of the same model.</source>
        <translation>Das Modell als .safetensors holen.</translation>
    </message>
    <message>
        <source>it is a JSON text, not a model</source>
        <translation>Es ist ein JSON-Text, kein Modell</translation>
    </message>
    <message>
        <source>Choose the .safetensors file beside it, or an index whose name ends in .index.json.</source>
        <translation>Die .safetensors-Datei daneben wählen oder einen Index, dessen Name auf .index.json endet.</translation>
    </message>
    <message>
        <source>its header gives {} no {}</source>
        <translation>Ihr Kopf gibt {} kein {}</translation>
    </message>
    <message>
        <source>its header gives {} {} offsets instead of two</source>
        <translation>Ihr Kopf gibt {} {} Offsets statt zwei</translation>
    </message>
    <message>
        <source>its tensor {} is stored as {}, which this program does not read</source>
        <translation>Ihr Tensor {} ist als {} gespeichert, was dieses Programm nicht liest</translation>
    </message>
    <message>
        <source>Get the file in float16, bfloat16 or float32.</source>
        <translation>Die Datei in float16, bfloat16 oder float32 holen.</translation>
    </message>
    <message>
        <source>its tensor {} ends at byte {}, before its begin at {}</source>
        <translation>Ihr Tensor {} endet bei Byte {}, vor seinem Anfang bei {}</translation>
    </message>
    <message>
        <source>its tensor {} ends at byte {}, but there are only {} bytes of data; the file is cut off</source>
        <translation>Ihr Tensor {} endet bei Byte {}, aber es gibt nur {} Bytes Daten; die Datei ist abgeschnitten</translation>
    </message>
    <message>
        <source>the shape of its tensor {} is larger than any file</source>
        <translation>Die Form ihres Tensors {} ist größer als jede Datei</translation>
    </message>
    <message>
        <source>its tensor {} takes {} bytes, but its shape and dtype {} make {}</source>
        <translation>Ihr Tensor {} belegt {} Bytes, aber Form und dtype {} ergeben {}</translation>
    </message>
    <message>
        <source>there is a gap of {} bytes before its tensor {}</source>
        <translation>Vor ihrem Tensor {1} ist eine Lücke von {0} Bytes</translation>
    </message>
    <message>
        <source>its tensor {} shares bytes with the one before it</source>
        <translation>Ihr Tensor {} teilt Bytes mit dem davor</translation>
    </message>
    <message>
        <source>{} bytes at its end belong to no tensor</source>
        <translation>{} Bytes an ihrem Ende gehören zu keinem Tensor</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>Sie ist leer</translation>
    </message>
    <message>
        <source>it has only {} bytes; a safetensors file has at least 8</source>
        <translation>Sie hat nur {} Bytes; eine safetensors-Datei hat mindestens 8</translation>
    </message>
    <message>
        <source>its header would be {} bytes long, more than the format&apos;s {}; it is no safetensors file, or its beginning is lost</source>
        <translation>Ihr Kopf wäre {} Bytes lang, mehr als die {} des Formats; es ist keine safetensors-Datei, oder ihr Anfang ist verloren</translation>
    </message>
    <message>
        <source>its header should be {} bytes long, but only {} follow; the file is cut off</source>
        <translation>Ihr Kopf sollte {} Bytes lang sein, aber nur {} folgen; die Datei ist abgeschnitten</translation>
    </message>
    <message>
        <source>its header does not begin with {; it is no safetensors file, or its beginning is lost</source>
        <translation>Ihr Kopf beginnt nicht mit {; es ist keine safetensors-Datei, oder ihr Anfang ist verloren</translation>
    </message>
    <message>
        <source>its header is followed by something other than spaces</source>
        <translation>Hinter ihrem Kopf steht anderes als Leerzeichen</translation>
    </message>
    <message>
        <source>{} and {} more</source>
        <translation>{} und {} weitere</translation>
    </message>
    <message>
        <source>{} ({} in the file, {} by the config)</source>
        <translation>{} ({} in der Datei, {} nach der Konfiguration)</translation>
    </message>
    <message>
        <source>{} (stored as {}, expected floating-point numbers)</source>
        <translation>{} (gespeichert als {}, erwartet werden Gleitkommazahlen)</translation>
    </message>
    <message>
        <source>{} {}: {}</source>
        <translation>{} {}: {}</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlen</translation>
    </message>
    <message>
        <source>of another shape</source>
        <translation>von anderer Form</translation>
    </message>
    <message>
        <source>with infinite or undefined values</source>
        <translation>mit unendlichen oder undefinierten Werten</translation>
    </message>
    <message>
        <source>not expected</source>
        <translation>unerwartet</translation>
    </message>
    <message>
        <source>The model could not be opened: the tensors of its {} do not fit its config.
{}</source>
        <translation>Das Modell ließ sich nicht öffnen: Die Tensoren seiner Komponente {} passen nicht zu ihrer Konfiguration.
{}</translation>
    </message>
    <message>
        <source>No free name was found in that folder.</source>
        <translation>In jenem Ordner fand sich kein freier Name.</translation>
    </message>
    <message>
        <source>The library is not open yet.</source>
        <translation>Die Bibliothek ist noch nicht offen.</translation>
    </message>
    <message>
        <source>The set of references was not read: {}</source>
        <translation>Der Satz Referenzen wurde nicht gelesen: {}</translation>
    </message>
    <message>
        <source>The set {} was not removed: it could not be moved to the trash.</source>
        <translation>Der Satz {} wurde nicht entfernt: Er ließ sich nicht in den Papierkorb legen.</translation>
    </message>
    <message>
        <source>it is no valid JSON.</source>
        <translation>Es ist kein gültiges JSON.</translation>
    </message>
    <message>
        <source>it is no set of references.</source>
        <translation>Es ist kein Satz von Referenzen.</translation>
    </message>
    <message>
        <source>it was written by a newer version of Likeness.</source>
        <translation>Er wurde von einer neueren Version von Likeness geschrieben.</translation>
    </message>
    <message>
        <source>it has {} references; the most is {}.</source>
        <translation>Er hat {} Referenzen; höchstens {} sind möglich.</translation>
    </message>
    <message>
        <source>{} {}.</source>
        <translation>{} {}.</translation>
    </message>
    <message>
        <source>Memory ran out.</source>
        <translation>Der Speicher reicht nicht.</translation>
    </message>
    <message>
        <source>The program made a mistake. Its details are in the log.</source>
        <translation>Das Programm hat einen Fehler gemacht. Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
        <source>Reference {}</source>
        <translation>Referenz {}</translation>
    </message>
    <message>
        <source>{} of the picture that it branches from</source>
        <translation>{} des Bildes, von dem abgezweigt wird</translation>
    </message>
    <message>
        <source>{} has no picture and names no file.</source>
        <translation>{} hat kein Bild und nennt keine Datei.</translation>
    </message>
    <message>
        <source>false beside another sigma schedule</source>
        <translation>false neben einem anderen Sigma-Plan</translation>
    </message>
    <message>
        <source>{} (past float16&apos;s 65504)</source>
        <translation>{} (über 65504, dem Höchsten von float16)</translation>
    </message>
    <message>
        <source>{} was not removed.</source>
        <translation>{} wurde nicht entfernt.</translation>
    </message>
    <message>
        <source>{}.{} is not text</source>
        <translation>{}.{} ist kein Text</translation>
    </message>
    <message>
        <source>its panes are not the {} that its axes have</source>
        <translation>seine Bilder sind nicht die {}, die seine Achsen haben</translation>
    </message>
    <message>
        <source>the picture &quot;{}&quot; does not lie in the folder of the samples</source>
        <translation>das Bild &quot;{}&quot; liegt nicht im Ordner der Musterbilder</translation>
    </message>
    <message>
        <source>an example is no JSON object</source>
        <translation>ein Beispiel ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>{} {}</source>
        <translation>{} {}</translation>
    </message>
    <message>
        <source>{} holds no list &quot;examples&quot;.</source>
        <translation>In {} steht keine Liste &quot;examples&quot;.</translation>
    </message>
    <message>
        <source>its tokens are {} wide (image_proj.proj.3.weight), this model&apos;s cross-attention reads {}. It needs an adapter made for this model.</source>
        <translation>seine Token sind {} breit (image_proj.proj.3.weight), die Cross-Attention dieses Modells liest {}. Nötig ist ein Adapter für dieses Modell.</translation>
    </message>
    <message>
        <source>it is a FaceID adapter: it reads the face embeddings of InsightFace, whose weights may be used for non-commercial research only. Choose a plain, plus or full-face adapter.</source>
        <translation>es ist ein FaceID-Adapter: er liest die Gesichts-Embeddings von InsightFace, dessen Gewichte nur für nichtkommerzielle Forschung benutzt werden dürfen. Einen einfachen, einen Plus- oder einen Full-Face-Adapter wählen.</translation>
    </message>
    <message>
        <source>it has neither image_proj.proj.weight (plain) nor image_proj.latents (plus) nor image_proj.proj.3.weight (full-face). An IP-Adapter file holds image_proj.* and ip_adapter.* tensors.</source>
        <translation>sie hat weder image_proj.proj.weight (einfach) noch image_proj.latents (Plus) noch image_proj.proj.3.weight (Full-Face). Eine IP-Adapter-Datei enthält Tensoren image_proj.* und ip_adapter.*.</translation>
    </message>
    <message>
        <source>The model {} was not opened: {}</source>
        <translation>Das Modell {} wurde nicht geöffnet: {}</translation>
    </message>
    <message>
        <source>it is of the Playground v2.5 kind, whose latents are scaled in another way. SD 1.5, SD 2.x and SDXL files can be opened.</source>
        <translation>es ist von der Art Playground v2.5, deren Latents anders skaliert sind. Dateien von SD 1.5, SD 2.x und SDXL lassen sich öffnen.</translation>
    </message>
    <message>
        <source>it holds a UNet whose cross-attention reads {} values a token, and no text encoder. SD 1.5, SD 2.x and SDXL files can be opened.</source>
        <translation>es enthält ein UNet, dessen Cross-Attention {} Werte je Token liest, und keinen Text-Encoder. Dateien von SD 1.5, SD 2.x und SDXL lassen sich öffnen.</translation>
    </message>
    <message>
        <source>it holds only the UNet of an {} model, without text encoder. Choose a file with the whole model, or its diffusers folder.</source>
        <translation>es enthält nur das UNet eines Modells von {}, ohne Text-Encoder. Eine Datei mit dem ganzen Modell oder seinen diffusers-Ordner wählen.</translation>
    </message>
    <message>
        <source>it changed while it was read</source>
        <translation>sie wurde während des Lesens geändert</translation>
    </message>
    <message>
        <source>The preview decoder was not opened: its tensors are no TAESD decoder.</source>
        <translation>Der Vorschau-Decoder wurde nicht geöffnet: Seine Tensoren sind kein TAESD-Decoder.</translation>
    </message>
    <message>
        <source>The model {} was not opened: its file holds no VAE (no first_stage_model tensors). Name one with --vae (&quot;vae&quot; in a request): a VAE file for {}, or the folder vae/ of a model.</source>
        <translation>Das Modell {} wurde nicht geöffnet: Seine Datei enthält kein VAE (keine Tensoren first_stage_model). Eines mit --vae nennen („vae“ in einer Anfrage): eine VAE-Datei für {} oder der Ordner vae/ eines Modells.</translation>
    </message>
    <message>
        <source>{} holds no CLIP image encoder. `likeness models inspect` tells what it is.</source>
        <translation>{} enthält keinen CLIP-Bild-Encoder. `likeness models inspect` sagt, was es ist.</translation>
    </message>
    <message>
        <source>There is no VAE at {}. Check the path.</source>
        <translation>Unter {} liegt kein VAE. Den Pfad prüfen.</translation>
    </message>
    <message>
        <source>{} holds no VAE: config.json is not there. Choose the folder vae/ of a model, or a file.</source>
        <translation>{} enthält kein VAE: config.json fehlt. Den Ordner vae/ eines Modells oder eine Datei wählen.</translation>
    </message>
    <message>
        <source>{} holds no VAE. `likeness models inspect` tells what it is.</source>
        <translation>{} enthält kein VAE. `likeness models inspect` sagt, was es ist.</translation>
    </message>
    <message>
        <source>{} holds no model of its own (no model.diffusion_model tensors). `likeness models inspect` tells what it is.</source>
        <translation>{} enthält kein eigenes Modell (keine Tensoren model.diffusion_model). `likeness models inspect` sagt, was es ist.</translation>
    </message>
    <message>
        <source>CLIP&apos;s vocabulary, which a model in a single file needs, is not there ({}). installer/run.sh fetches it.</source>
        <translation>Das Vokabular von CLIP, das ein Modell in einer einzelnen Datei braucht, fehlt ({}). installer/run.sh holt es.</translation>
    </message>
    <message>
        <source>{} could not be opened.</source>
        <translation>{} konnte nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>it is not a whole gzip file</source>
        <translation>sie ist keine vollständige gzip-Datei</translation>
    </message>
    <message>
        <source>it is larger than any vocabulary</source>
        <translation>sie ist größer als jedes Vokabular</translation>
    </message>
    <message>
        <source>The picture to begin from was not loaded ({}).</source>
        <translation>Das Ausgangsbild wurde nicht geladen ({}).</translation>
    </message>
    <message>
        <source>The UNet reads {} channels and gives {}, the VAE has {} latent channels. They do not belong together.</source>
        <translation>Das UNet liest {} Kanäle und gibt {}, die VAE hat {} latente Kanäle. Sie gehören nicht zusammen.</translation>
    </message>
    <message>
        <source>resize or crop</source>
        <translation>resize oder crop</translation>
    </message>
    <message>
        <source>four whole numbers</source>
        <translation>vier ganze Zahlen</translation>
    </message>
    <message>
        <source>The picture to begin from</source>
        <translation>Das Ausgangsbild</translation>
    </message>
    <message>
        <source>What the picture that it branches from begins from</source>
        <translation>Das Ausgangsbild des Bilds, von dem es abzweigt</translation>
    </message>
    <message>
        <source>begins at {}, not before its end at {}; no step would be guided</source>
        <translation>beginnt bei {}, nicht vor dem Ende bei {}; kein Schritt würde geführt</translation>
    </message>
    <message>
        <source>is {}; of {} steps none would be left. It takes {} or more, or more steps</source>
        <translation>ist {}; von {} Schritten bliebe keiner. Nötig sind {} oder mehr, oder mehr Schritte</translation>
    </message>
    <message>
        <source>is given, but there is no mask and no new canvas</source>
        <translation>ist angegeben, aber es gibt keine Maske und keine neue Leinwand</translation>
    </message>
    <message>
        <source>is missing; a mask or new canvas needs a picture below it</source>
        <translation>fehlt; eine Maske oder neue Leinwand braucht ein Bild darunter</translation>
    </message>
    <message>
        <source>is {}, but there is no picture to begin from</source>
        <translation>ist {}, aber es gibt kein Ausgangsbild</translation>
    </message>
    <message>
        <source>is missing; this is an inpainting model, which cannot make pictures from text alone. Give a picture and a mask, or choose the plain model</source>
        <translation>fehlt; dies ist ein Inpainting-Modell, das aus Text allein keine Bilder erstellen kann. Ein Bild und eine Maske angeben oder das einfache Modell wählen</translation>
    </message>
    <message>
        <source>{} ({}; the layer is [{}])</source>
        <translation>{} ({}; die Schicht ist [{}])</translation>
    </message>
    <message>
        <source>The LoRA {} was not used: {}</source>
        <translation>Die LoRA {} wurde nicht benutzt: {}</translation>
    </message>
    <message>
        <source>{} of its {} tensors are none of a LoRA ({}). `likeness models inspect` tells what it is.</source>
        <translation>{} ihrer {} Tensoren gehören zu keiner LoRA ({}). `likeness models inspect` sagt, was sie ist.</translation>
    </message>
    <message>
        <source>{} has the rank {}; the most is {}. Download the file again.</source>
        <translation>{} hat den Rang {}; höchstens {} geht. Die Datei neu laden.</translation>
    </message>
    <message>
        <source>{} is no single number. Download the file again.</source>
        <translation>{} ist keine einzelne Zahl. Die Datei neu laden.</translation>
    </message>
    <message>
        <source>{} holds values that are infinite or not numbers. Download the file again, or train it again.</source>
        <translation>{} enthält Werte, die unendlich oder keine Zahlen sind. Die Datei neu laden oder neu trainieren.</translation>
    </message>
    <message>
        <source>The textual inversion {} was not used: {}</source>
        <translation>Das gelernte Wort {} wurde nicht benutzt: {}</translation>
    </message>
    <message>
        <source>it holds {} tensors; a word has one of [vectors, width] named by the word or emb_params, for SDXL two named clip_l and clip_g.</source>
        <translation>sie enthält {} Tensoren; ein Wort hat einen von [Vektoren, Breite], der wie das Wort oder emb_params heißt, für SDXL zwei namens clip_l und clip_g.</translation>
    </message>
    <message>
        <source>its word is empty. Give it one.</source>
        <translation>ihr Wort ist leer. Eines angeben.</translation>
    </message>
    <message>
        <source>{} has {} vectors; a prompt takes {}.</source>
        <translation>{} hat {} Vektoren; ein Prompt fasst {}.</translation>
    </message>
    <message>
        <source>{} holds values that are infinite or not numbers. Download the file again.</source>
        <translation>{} enthält Werte, die unendlich oder keine Zahlen sind. Die Datei neu laden.</translation>
    </message>
    <message>
        <source>The LoRA {} was not used: this model&apos;s UNet has no block {}.</source>
        <translation>Die LoRA {} wurde nicht benutzt: Das UNet dieses Modells hat keinen Block {}.</translation>
    </message>
    <message>
        <source>SD 1.5</source>
        <translation>SD 1.5</translation>
    </message>
    <message>
        <source>SD 2</source>
        <translation>SD 2</translation>
    </message>
    <message>
        <source>SDXL</source>
        <translation>SDXL</translation>
    </message>
    <message>
        <source>another model</source>
        <translation>ein anderes Modell</translation>
    </message>
    <message>
        <source>it is made for {}: its cross-attention reads {} values a token, that of the model {} reads {}. Choose a LoRA made for this model.</source>
        <translation>sie ist für {} gemacht: Ihre Kreuzaufmerksamkeit liest {} Werte je Token, die des Modells {} liest {}. Eine LoRA wählen, die für dieses Modell gemacht ist.</translation>
    </message>
    <message>
        <source>none of its {} layers is one of the model {} ({}). It is made for another kind of model.</source>
        <translation>keine ihrer {} Schichten gehört zum Modell {} ({}). Sie ist für eine andere Art von Modell gemacht.</translation>
    </message>
    <message>
        <source>its layers are of other sizes than the model {} has: {}. It is made for another model.</source>
        <translation>ihre Schichten haben andere Größen als die des Modells {}: {}. Sie ist für ein anderes Modell gemacht.</translation>
    </message>
    <message>
        <source>The LoRA {} has {} layers that the model {} does not have; they are not used: {}.</source>
        <translation>Die LoRA {} hat {} Schichten, die das Modell {} nicht hat; sie bleiben ungenutzt: {}.</translation>
    </message>
    <message>
        <source>The LoRA {} has {} layers of other sizes than the model {} has; they are not used: {}.</source>
        <translation>Die LoRA {} hat {} Schichten in anderen Größen als das Modell {}; sie bleiben ungenutzt: {}.</translation>
    </message>
    <message>
        <source>The LoRA {} has {} tensors of a kind that this program does not know; they are not used: {}.</source>
        <translation>Die LoRA {} hat {} Tensoren einer Art, die dieses Programm nicht kennt; sie bleiben ungenutzt: {}.</translation>
    </message>
    <message>
        <source>with the scale {} the values of {} grow past what {} holds. Lower its scale.</source>
        <translation>mit der Stärke {} werden die Werte von {} größer, als {} fasst. Die Stärke verringern.</translation>
    </message>
    <message>
        <source>it is made for a model with one text encoder, the model {} has two (SDXL). Choose one with clip_l and clip_g.</source>
        <translation>es ist für ein Modell mit einem Textencoder gemacht, das Modell {} hat zwei (SDXL). Eines mit clip_l und clip_g wählen.</translation>
    </message>
    <message>
        <source>it is made for SDXL, which has two text encoders; the model {} has one. Choose one made for SD 1.5.</source>
        <translation>es ist für SDXL mit zwei Textencodern gemacht; das Modell {} hat einen. Eines für SD 1.5 wählen.</translation>
    </message>
    <message>
        <source>it has no {}.</source>
        <translation>es hat kein {}.</translation>
    </message>
    <message>
        <source>its vectors are {} wide, the text encoder of the model {} reads {}. Choose one made for this model.</source>
        <translation>seine Vektoren sind {} breit, der Textencoder des Modells {} liest {}. Eines wählen, das für dieses Modell gemacht ist.</translation>
    </message>
    <message>
        <source>Two textual inversions have the word {}. Give one of them another.</source>
        <translation>Zwei gelernte Wörter heißen {}. Eines anders nennen.</translation>
    </message>
    <message>
        <source>is empty; name a LoRA file</source>
        <translation>ist leer; eine LoRA-Datei angeben</translation>
    </message>
    <message>
        <source>is empty; name a textual inversion file</source>
        <translation>ist leer; eine Datei mit einem gelernten Wort angeben</translation>
    </message>
    <message>
        <source>is &quot;{}&quot;; it is one word of at most {} letters</source>
        <translation>ist &quot;{}&quot;; es ist ein Wort mit höchstens {} Buchstaben</translation>
    </message>
    <message>
        <source>differ from those of the picture that this one branches from</source>
        <translation>weichen von denen des Bildes ab, von dem dieses abzweigt</translation>
    </message>
    <message>
        <source>{} has {} tokens; the model reads {}, the last {} are not used.</source>
        <translation>{} hat {} Tokens; das Modell liest {}, die letzten {} bleiben ungenutzt.</translation>
    </message>
    <message>
        <source>The prompt</source>
        <translation>Der Prompt</translation>
    </message>
    <message>
        <source>The second prompt</source>
        <translation>Der zweite Prompt</translation>
    </message>
    <message>
        <source>The negative prompt</source>
        <translation>Der negative Prompt</translation>
    </message>
    <message>
        <source>The second negative prompt</source>
        <translation>Der zweite negative Prompt</translation>
    </message>
    <message>
        <source>The second prompts are not used: this model has one text encoder; SDXL models have two.</source>
        <translation>Die zweiten Prompts bleiben ungenutzt: Dieses Modell hat einen Text-Encoder; SDXL-Modelle haben zwei.</translation>
    </message>
    <message>
        <source>The sizes that SDXL is told are not used: this model is none.</source>
        <translation>Die Größen, die SDXL gesagt werden, bleiben ungenutzt: Dieses Modell ist keines.</translation>
    </message>
    <message>
        <source>holds &quot;{}&quot;, expected {}</source>
        <translation>enthält &quot;{}&quot;, erwartet wird {}</translation>
    </message>
    <message>
        <source>weighted or plain</source>
        <translation>weighted oder plain</translation>
    </message>
    <message>
        <source>The file of the model {} has {} tensors that nothing reads, among them: {}.</source>
        <translation>Die Datei des Modells {} hat {} Tensoren, die nichts liest, darunter: {}.</translation>
    </message>
    <message>
        <source>The scheduler&apos;s config has a variance_type that DDPM does not do here; it does fixed_small, fixed_small_log and fixed_large.</source>
        <translation>Die Konfiguration des Schedulers hat einen variance_type, den DDPM hier nicht kann; es kann fixed_small, fixed_small_log und fixed_large.</translation>
    </message>
    <message>
        <source>num_inference_steps is {}; LCM takes 1 to {}.</source>
        <translation>num_inference_steps ist {}; LCM nimmt 1 bis {}.</translation>
    </message>
    <message>
        <source>There is no scheduler &quot;{}&quot;.</source>
        <translation>Einen Scheduler &quot;{}&quot; gibt es nicht.</translation>
    </message>
    <message>
        <source>num_inference_steps is {}; with this model&apos;s steps_offset of {} the scheduler takes fewer.</source>
        <translation>num_inference_steps ist {}; beim steps_offset {} dieses Modells nimmt der Scheduler weniger.</translation>
    </message>
    <message>
        <source>The model predicts the clean sample, from which PNDM cannot step. Choose another scheduler.</source>
        <translation>Das Modell sagt das saubere Bild voraus, von dem aus PNDM keinen Schritt machen kann. Einen anderen Scheduler wählen.</translation>
    </message>
    <message>
        <source>num_inference_steps is {}; PNDM with Runge-Kutta steps, as this model has it, takes at least {}.</source>
        <translation>num_inference_steps ist {}; PNDM mit Runge-Kutta-Schritten, wie dieses Modell es hat, nimmt mindestens {}.</translation>
    </message>
    <message>
        <source>a list of steps</source>
        <translation>eine Liste von Schritten</translation>
    </message>
    <message>
        <source>The scheduler&apos;s config has predict_x0 off, which this program does not do.</source>
        <translation>Die Konfiguration des Schedulers schaltet predict_x0 aus; das kann dieses Programm nicht.</translation>
    </message>
    <message>
        <source>The scheduler&apos;s config asks for {}, which this program does not do.</source>
        <translation>Die Konfiguration des Schedulers verlangt {}; das kann dieses Programm nicht.</translation>
    </message>
    <message>
        <source>{} was changed while it was read.
Wait until it is written, then open it again.</source>
        <translation>{} hat sich beim Lesen geändert.
Warten, bis die Datei geschrieben ist, dann erneut öffnen.</translation>
    </message>
    <message>
        <source>{} could not be converted: the disk is full ({} needed, {} free).
Make room, or set XDG_CACHE_HOME to a folder on another disk.</source>
        <translation>{} ließ sich nicht umwandeln: Der Datenträger ist voll ({} nötig, {} frei).
Platz schaffen oder XDG_CACHE_HOME auf einen Ordner eines anderen Datenträgers setzen.</translation>
    </message>
    <message>
        <source>its names take {}</source>
        <translation>Ihre Namen belegen {}</translation>
    </message>
    <message>
        <source>There is no folder for converted files: neither XDG_CACHE_HOME nor HOME is set.</source>
        <translation>Es gibt keinen Ordner für umgewandelte Dateien: Weder XDG_CACHE_HOME noch HOME ist gesetzt.</translation>
    </message>
    <message>
        <source>The converter gave no answer that makes sense.</source>
        <translation>Der Umwandler gab keine sinnvolle Antwort.</translation>
    </message>
    <message>
        <source>The converted tensors could not be written: {}.
Nothing was changed on the disk.</source>
        <translation>Die umgewandelten Tensoren ließen sich nicht schreiben: {}.
Auf dem Datenträger wurde nichts geändert.</translation>
    </message>
    <message>
        <source>reading it took more memory than any checkpoint needs</source>
        <translation>Das Lesen brauchte mehr Speicher als je ein Checkpoint</translation>
    </message>
    <message>
        <source>{} could not be opened: the converter made a mistake ({}).</source>
        <translation>{} ließ sich nicht öffnen: Der Umwandler machte einen Fehler ({}).</translation>
    </message>
    <message>
        <source>its dictionaries lie more than {} deep in each other</source>
        <translation>Ihre Wörterbücher liegen mehr als {} tief ineinander</translation>
    </message>
    <message>
        <source>its dictionaries hold more than {} entries</source>
        <translation>Ihre Wörterbücher haben mehr als {} Einträge</translation>
    </message>
    <message>
        <source>its {} is made by {}, a kind of tensor this program does not read</source>
        <translation>{} darin ist von der Art {}, die dieses Programm nicht liest</translation>
    </message>
    <message>
        <source>it names a tensor with something that is no text</source>
        <translation>Ein Tensor darin ist nicht mit einem Text benannt</translation>
    </message>
    <message>
        <source>its tensors have names of more than {} bytes</source>
        <translation>Ihre Tensoren haben Namen von mehr als {} Bytes</translation>
    </message>
    <message>
        <source>it has a tensor of the name {}</source>
        <translation>Ein Tensor darin hat den Namen {}</translation>
    </message>
    <message>
        <source>it has two tensors of the name {}</source>
        <translation>Zwei Tensoren darin heißen {}</translation>
    </message>
    <message>
        <source>it is a whole object ({}), not tensors by name; such a file can only be opened by running its code</source>
        <translation>Es ist ein ganzes Objekt ({}), keine benannten Tensoren; eine solche Datei lässt sich nur öffnen, indem man ihren Code ausführt</translation>
    </message>
    <message>
        <source>it is a pickle that holds no tensors by name</source>
        <translation>Es ist ein Pickle ohne benannte Tensoren</translation>
    </message>
    <message>
        <source>Choose the file of the model itself.</source>
        <translation>Die Datei des Modells selbst wählen.</translation>
    </message>
    <message>
        <source>its tensor {} is larger than any file</source>
        <translation>Der Tensor {} darin ist größer als jede Datei</translation>
    </message>
    <message>
        <source>the values of its tensor {} should take {} bytes, but there are {}</source>
        <translation>Die Werte des Tensors {} sollten {} Bytes belegen, da sind aber {}</translation>
    </message>
    <message>
        <source>its tensor {} reaches to the value {}, but its storage has {}</source>
        <translation>Der Tensor {} darin reicht bis zum Wert {}, sein Speicher hat aber {}</translation>
    </message>
    <message>
        <source>its tensors share their values and would take {} of the file&apos;s {} when they are written out</source>
        <translation>Ihre Tensoren teilen sich Werte und belegten ausgeschrieben {}, die Datei hat {}</translation>
    </message>
    <message>
        <source>it is a TorchScript program, not tensors by name</source>
        <translation>Es ist ein TorchScript-Programm, keine benannten Tensoren</translation>
    </message>
    <message>
        <source>the values of its tensor {} are missing (part {})</source>
        <translation>Die Werte des Tensors {} fehlen (Teil {})</translation>
    </message>
    <message>
        <source>it has two objects, in {} and in {}</source>
        <translation>Sie hat zwei Objekte, in {} und in {}</translation>
    </message>
    <message>
        <source>it is a zip archive, but no pickle of PyTorch&apos;s (it has no data.pkl)</source>
        <translation>Es ist ein ZIP-Archiv, aber kein Pickle von PyTorch (data.pkl fehlt)</translation>
    </message>
    <message>
        <source>its numbers are of the byte order {}</source>
        <translation>Ihre Zahlen sind von der Bytefolge {}</translation>
    </message>
    <message>
        <source>it is a pickle, but none of PyTorch&apos;s</source>
        <translation>Es ist ein Pickle, aber keines von PyTorch</translation>
    </message>
    <message>
        <source>its form is none of the versions this program reads</source>
        <translation>Ihre Form ist keine der Versionen, die dieses Programm liest</translation>
    </message>
    <message>
        <source>it does not tell the machine it was made on</source>
        <translation>Sie sagt nicht, auf welchem Rechner sie entstand</translation>
    </message>
    <message>
        <source>it does not list its storages</source>
        <translation>Sie zählt ihre Speicher nicht auf</translation>
    </message>
    <message>
        <source>its storage {} is of two kinds</source>
        <translation>Ihr Speicher {} ist von zweierlei Art</translation>
    </message>
    <message>
        <source>it lists a storage that no tensor uses</source>
        <translation>Sie nennt einen Speicher, den kein Tensor braucht</translation>
    </message>
    <message>
        <source>it has two storages of the name {}</source>
        <translation>Zwei Speicher darin heißen {}</translation>
    </message>
    <message>
        <source>it ends within its storage {}; the file is cut off</source>
        <translation>Sie endet mitten im Speicher {}; die Datei ist abgeschnitten</translation>
    </message>
    <message>
        <source>it is no pickle of PyTorch&apos;s</source>
        <translation>Es ist kein Pickle von PyTorch</translation>
    </message>
    <message>
        <source>The converter {} could not be started: {}.
Install the program again.</source>
        <translation>Der Umwandler {} ließ sich nicht starten: {}.
Das Programm neu installieren.</translation>
    </message>
    <message>
        <source>{} is not there</source>
        <translation>{} ist nicht da</translation>
    </message>
    <message>
        <source>reading it took more time or memory than any checkpoint needs</source>
        <translation>Das Lesen brauchte mehr Zeit oder Speicher als je ein Checkpoint</translation>
    </message>
    <message>
        <source>reading it broke the converter, which runs apart from everything else (status {})</source>
        <translation>Das Lesen brachte den Umwandler zu Fall, der getrennt von allem anderen läuft (Status {})</translation>
    </message>
    <message>
        <source>Nothing of it was run. Get the .safetensors form of the same model.</source>
        <translation>Nichts davon wurde ausgeführt. Das Modell als .safetensors holen.</translation>
    </message>
    <message>
        <source>its pickle ends with {} objects instead of one</source>
        <translation>Ihr Pickle endet mit {} Objekten statt einem</translation>
    </message>
    <message>
        <source>it ends within its pickle; the file is cut off</source>
        <translation>Sie endet mitten im Pickle; die Datei ist abgeschnitten</translation>
    </message>
    <message>
        <source>its pickle is longer than {}, which is more than this program reads</source>
        <translation>Ihr Pickle ist länger als {}, mehr als dieses Programm liest</translation>
    </message>
    <message>
        <source>its pickle has a text of {}; this program reads up to {}</source>
        <translation>Ihr Pickle hat einen Text von {}; dieses Programm liest bis {}</translation>
    </message>
    <message>
        <source>its pickle has a name of more than {} bytes</source>
        <translation>Ihr Pickle hat einen Namen von mehr als {} Bytes</translation>
    </message>
    <message>
        <source>its pickle has more than {} steps</source>
        <translation>Ihr Pickle hat mehr als {} Schritte</translation>
    </message>
    <message>
        <source>its pickle has a key without a value</source>
        <translation>Ihr Pickle hat einen Schlüssel ohne Wert</translation>
    </message>
    <message>
        <source>its pickle is of version {}; there are 2 to 5</source>
        <translation>Ihr Pickle ist von der Version {}; es gibt 2 bis 5</translation>
    </message>
    <message>
        <source>its pickle sets the inside of something that has none</source>
        <translation>Ihr Pickle setzt das Innere von etwas, das keines hat</translation>
    </message>
    <message>
        <source>its pickle has more than {} objects, which no checkpoint needs</source>
        <translation>Ihr Pickle hat mehr als {} Objekte; so viele braucht kein Checkpoint</translation>
    </message>
    <message>
        <source>its pickle names {}, which could run code on this machine; no checkpoint needs it. Nothing of it was run</source>
        <translation>Ihr Pickle nennt {}, womit auf diesem Rechner Code laufen könnte; kein Checkpoint braucht das. Nichts davon wurde ausgeführt</translation>
    </message>
    <message>
        <source>Do not open this file in any other program. Get the model from another place, as .safetensors.</source>
        <translation>Diese Datei in keinem anderen Programm öffnen. Das Modell von anderer Stelle holen, als .safetensors.</translation>
    </message>
    <message>
        <source>its pickle takes an object where there is none</source>
        <translation>Ihr Pickle nimmt ein Objekt, wo keines ist</translation>
    </message>
    <message>
        <source>its pickle ends a group that it did not begin</source>
        <translation>Ihr Pickle beendet eine Gruppe, die es nicht begann</translation>
    </message>
    <message>
        <source>its pickle numbers an object {}; this program reads up to {}</source>
        <translation>Ihr Pickle gibt einem Objekt die Nummer {}; dieses Programm liest bis {}</translation>
    </message>
    <message>
        <source>its pickle asks for the object {}, which it did not make</source>
        <translation>Ihr Pickle verlangt das Objekt {}, das es nicht gemacht hat</translation>
    </message>
    <message>
        <source>its pickle adds to something that holds nothing</source>
        <translation>Ihr Pickle fügt etwas hinzu, wo nichts hineingehört</translation>
    </message>
    <message>
        <source>its pickle calls something that is no name</source>
        <translation>Ihr Pickle ruft etwas auf, das kein Name ist</translation>
    </message>
    <message>
        <source>its pickle calls a name without arguments</source>
        <translation>Ihr Pickle ruft einen Namen ohne Angaben auf</translation>
    </message>
    <message>
        <source>it has a tensor of numbers that this program does not read{}</source>
        <translation>Sie hat einen Tensor aus Zahlen, die dieses Programm nicht liest{}</translation>
    </message>
    <message>
        <source>it has a parameter without a tensor</source>
        <translation>Sie hat einen Parameter ohne Tensor</translation>
    </message>
    <message>
        <source>it has a size without numbers</source>
        <translation>Sie hat eine Größe ohne Zahlen</translation>
    </message>
    <message>
        <source>it has a dictionary that is made of something else</source>
        <translation>Sie hat ein Wörterbuch, das aus etwas anderem besteht</translation>
    </message>
    <message>
        <source>it has a storage that is none: {}</source>
        <translation>Sie hat einen Speicher, der keiner ist: {}</translation>
    </message>
    <message>
        <source>its description is not of five parts</source>
        <translation>Seine Beschreibung hat nicht fünf Teile</translation>
    </message>
    <message>
        <source>it is not called so</source>
        <translation>Er heißt nicht so</translation>
    </message>
    <message>
        <source>it has no kind</source>
        <translation>Er hat keine Art</translation>
    </message>
    <message>
        <source>it has tensors of the kind {}, which this program does not read</source>
        <translation>Sie hat Tensoren der Art {}, die dieses Programm nicht liest</translation>
    </message>
    <message>
        <source>its key is no short text</source>
        <translation>Sein Schlüssel ist kein kurzer Text</translation>
    </message>
    <message>
        <source>it has a view of a storage, as only very old files do</source>
        <translation>Sie hat eine Sicht auf einen Speicher, wie nur sehr alte Dateien</translation>
    </message>
    <message>
        <source>it has more than {} storages</source>
        <translation>Sie hat mehr als {} Speicher</translation>
    </message>
    <message>
        <source>the size of a storage</source>
        <translation>Die Größe eines Speichers</translation>
    </message>
    <message>
        <source>{} is not a number from 0 to 2^48</source>
        <translation>{} ist keine Zahl von 0 bis 2^48</translation>
    </message>
    <message>
        <source>{} of a tensor is not a list of up to {} numbers</source>
        <translation>{} eines Tensors ist keine Liste von bis zu {} Zahlen</translation>
    </message>
    <message>
        <source>it has a tensor without values</source>
        <translation>Sie hat einen Tensor ohne Werte</translation>
    </message>
    <message>
        <source>it has more than {} tensors</source>
        <translation>Sie hat mehr als {} Tensoren</translation>
    </message>
    <message>
        <source>the place of a tensor</source>
        <translation>Der Ort eines Tensors</translation>
    </message>
    <message>
        <source>the shape</source>
        <translation>Die Form</translation>
    </message>
    <message>
        <source>the stride</source>
        <translation>Die Schrittweite</translation>
    </message>
    <message>
        <source>it has a tensor whose kind of numbers is not told</source>
        <translation>Sie hat einen Tensor, dessen Zahlenart nicht dasteht</translation>
    </message>
    <message>
        <source>it has a tensor of {} dimensions with {} strides</source>
        <translation>Sie hat einen Tensor von {} Dimensionen mit {} Schrittweiten</translation>
    </message>
    <message>
        <source>its pickle has the byte {} where an instruction should stand; it is damaged, or no pickle</source>
        <translation>Ihr Pickle hat das Byte {}, wo eine Anweisung stehen sollte; es ist beschädigt oder kein Pickle</translation>
    </message>
    <message>
        <source>its pickle uses the instruction {}, which PyTorch does not write for tensors and which could run code</source>
        <translation>Ihr Pickle braucht die Anweisung {}, die PyTorch für Tensoren nicht schreibt und die Code ausführen könnte</translation>
    </message>
    <message>
        <source>its part {} lies outside of it</source>
        <translation>Ihr Teil {} liegt außerhalb</translation>
    </message>
    <message>
        <source>it has two parts of the name {}</source>
        <translation>Zwei Teile darin heißen {}</translation>
    </message>
    <message>
        <source>two of its parts share the bytes at {}</source>
        <translation>Zwei ihrer Teile teilen sich die Bytes bei {}</translation>
    </message>
    <message>
        <source>it is an archive in several files</source>
        <translation>Es ist ein Archiv in mehreren Dateien</translation>
    </message>
    <message>
        <source>its list of parts lies outside of it</source>
        <translation>Ihr Verzeichnis der Teile liegt außerhalb</translation>
    </message>
    <message>
        <source>it has {} parts; this program reads up to {}</source>
        <translation>Sie hat {} Teile; dieses Programm liest bis {}</translation>
    </message>
    <message>
        <source>its list of parts is not where it says</source>
        <translation>Ihr Verzeichnis der Teile ist nicht, wo es stehen soll</translation>
    </message>
    <message>
        <source>its list of parts is cut off</source>
        <translation>Ihr Verzeichnis der Teile ist abgeschnitten</translation>
    </message>
    <message>
        <source>its part {} is encrypted</source>
        <translation>Ihr Teil {} ist verschlüsselt</translation>
    </message>
    <message>
        <source>its part {} is compressed, as no checkpoint is</source>
        <translation>Ihr Teil {} ist komprimiert; das ist kein Checkpoint</translation>
    </message>
    <message>
        <source>its part {} has two sizes, {} and {}</source>
        <translation>Ihr Teil {} hat zwei Größen, {} und {}</translation>
    </message>
    <message>
        <source>its part {} has a name that would leave the archive</source>
        <translation>Ihr Teil {} hat einen Namen, der aus dem Archiv hinausführte</translation>
    </message>
    <message>
        <source>No checkpoint needs that: delete the file if you do not know where it comes from.</source>
        <translation>Kein Checkpoint braucht das: Die Datei löschen, wenn nicht bekannt ist, woher sie kommt.</translation>
    </message>
    <message>
        <source>its part {} is not where its list says</source>
        <translation>Ihr Teil {} ist nicht, wo das Verzeichnis sagt</translation>
    </message>
    <message>
        <source>it is a pickle in a zip archive (or another archive) whose end is missing; the file is cut off</source>
        <translation>Es ist ein Pickle in einem ZIP-Archiv (oder ein anderes Archiv), dessen Ende fehlt; die Datei ist abgeschnitten</translation>
    </message>
    <message>
        <source>The refiner {} reads latents of {} channels, the base model&apos;s have {}. They do not belong together.</source>
        <translation>Der Refiner {} liest Latents mit {} Kanälen, die des Basismodells haben {}. Sie gehören nicht zusammen.</translation>
    </message>
    <message>
        <source>The model {} was not opened: its UNet is of the SDXL kind, but it has no text_encoder_2. Copy the whole folder, or choose another model.</source>
        <translation>Das Modell {} wurde nicht geöffnet: sein UNet ist von der Art SDXL, aber es hat keinen text_encoder_2. Den ganzen Ordner kopieren oder ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>is given; a picture that a refiner has finished has no steps to branch from</source>
        <translation>ist angegeben; ein Bild, das ein Refiner vollendet hat, hat keine Schritte, von denen abgezweigt werden kann</translation>
    </message>
    <message>
        <source>is given, but the model is an SDXL refiner itself; choose an SDXL base model</source>
        <translation>ist angegeben, aber das Modell ist selbst ein SDXL-Refiner; ein SDXL-Basismodell wählen</translation>
    </message>
    <message>
        <source>is given together with a mask or new canvas, which it does not know; leave out one of them</source>
        <translation>ist zusammen mit einer Maske oder neuer Fläche angegeben, die er nicht kennt; eines von beiden weglassen</translation>
    </message>
    <message>
        <source>is given together with a branch; leave out one of them</source>
        <translation>ist zusammen mit einer Abzweigung angegeben; eines von beiden weglassen</translation>
    </message>
    <message>
        <source>is missing; this is an SDXL refiner, which goes on from a picture and makes none from text alone. Give a picture, or choose an SDXL base model and name this one as its refiner</source>
        <translation>fehlt; dies ist ein SDXL-Refiner, der von einem Bild ausgeht und aus Text allein keines erstellt. Ein Bild angeben, oder ein SDXL-Basismodell wählen und dieses als seinen Refiner nennen</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>Das Modell</translation>
    </message>
    <message>
        <source>The refiner</source>
        <translation>Der Refiner</translation>
    </message>
    <message>
        <source>{} {} is not of the SDXL family: a refiner takes over what an SDXL model begins. Choose another, or leave the refiner out.</source>
        <translation>{} {} gehört nicht zur SDXL-Familie: ein Refiner übernimmt, was ein SDXL-Modell beginnt. Ein anderes wählen oder den Refiner weglassen.</translation>
    </message>
    <message>
        <source>The refiner {} cannot take over from the model {}: its latents are of another kind. Choose an SDXL refiner.</source>
        <translation>Der Refiner {} kann nicht vom Modell {} übernehmen: seine Latents sind von anderer Art. Einen SDXL-Refiner wählen.</translation>
    </message>
    <message>
        <source>The model predicts the clean sample, from which {} cannot step. Choose another scheduler.</source>
        <translation>Das Modell sagt das saubere Bild voraus; davon kann {} nicht ausgehen. Einen anderen Scheduler wählen.</translation>
    </message>
    <message>
        <source>it holds {} tensors; the most is {}.</source>
        <translation>sie enthält {} Tensoren; höchstens {} sind möglich.</translation>
    </message>
    <message>
        <source>the alpha of {} makes it {} times as strong; the most is {}. Download the file again.</source>
        <translation>das Alpha von {} macht sie {}-mal so stark; höchstens {} ist möglich. Die Datei noch einmal herunterladen.</translation>
    </message>
    <message>
        <source>its tensor {} is in another of the model&apos;s files too</source>
        <translation>ihr Tensor {} steht auch in einer anderen Datei des Modells</translation>
    </message>
    <message>
        <source>has more than {} metadata keys, which is more than this program reads</source>
        <translation>hat mehr als {} Metadaten-Schlüssel; mehr liest dieses Programm nicht</translation>
    </message>
    <message>
        <source>its header is {} bytes long; this program reads up to {}</source>
        <translation>ihr Kopf ist {} Bytes lang; dieses Programm liest bis zu {}</translation>
    </message>
    <message>
        <source>Save it anew with less metadata.</source>
        <translation>Sie mit weniger Metadaten neu speichern.</translation>
    </message>
    <message>
        <source>it names the file {}, which is not a plain name of a .safetensors or .bin file</source>
        <translation>sie nennt die Datei {}, was kein einfacher Name einer .safetensors- oder .bin-Datei ist</translation>
    </message>
    <message>
        <source>The config describes a network of more than {} tensors, so it was not looked at.</source>
        <translation>Die Konfiguration beschreibt ein Netz mit mehr als {} Tensoren, deshalb wurde es nicht angesehen.</translation>
    </message>
    <message>
        <source>and layers_per_block make {} blocks of attention, at most {} can be</source>
        <translation>und layers_per_block ergeben {} Attention-Blöcke, höchstens {} sind möglich</translation>
    </message>
    <message>
        <source>{} is the name of {} files. Name one with more of its path:{}</source>
        <translation>{} ist der Name von {} Dateien. Eine mit mehr von ihrem Pfad nennen:{}</translation>
    </message>
    <message>
        <source>for {}</source>
        <translation>für {}</translation>
    </message>
    <message>
        <source>{}; {}</source>
        <translation>{}; {}</translation>
    </message>
    <message>
        <source>needs {}: found at {}</source>
        <translation>braucht {}: gefunden unter {}</translation>
    </message>
    <message>
        <source>needs {}, which a model here brings</source>
        <translation>braucht {}, das ein Modell hier mitbringt</translation>
    </message>
    <message>
        <source>needs {}, which was not found</source>
        <translation>braucht {}, das nicht gefunden wurde</translation>
    </message>
    <message>
        <source>for adapters that read {}</source>
        <translation>für Adapter, die {} lesen</translation>
    </message>
    <message>
        <source>for SD 1.5 and SD 2, or SDXL: its file does not tell</source>
        <translation>für SD 1.5 und SD 2 oder SDXL: die Datei sagt es nicht</translation>
    </message>
    <message>
        <source>for SD 1.5 and SD 2</source>
        <translation>für SD 1.5 und SD 2</translation>
    </message>
    <message>
        <source>The folder {} could not be looked into: {}.</source>
        <translation>In den Ordner {} konnte nicht hineingesehen werden: {}.</translation>
    </message>
    <message>
        <source>There is no folder {}.</source>
        <translation>Es gibt keinen Ordner {}.</translation>
    </message>
    <message>
        <source>The steps were not recorded, so each took longer: {}</source>
        <translation>Die Schritte wurden nicht aufgezeichnet, deshalb dauerte jeder länger: {}</translation>
    </message>
    <message>
        <source>{}: image_std must be above zero, and at most 1000.</source>
        <translation>{}: image_std muss über null liegen und darf höchstens 1000 sein.</translation>
    </message>
    <message>
        <source>{}: image_mean must lie between -1000 and 1000.</source>
        <translation>{}: image_mean muss zwischen -1000 und 1000 liegen.</translation>
    </message>
    <message>
        <source>it holds more than {} values</source>
        <translation>sie enthält mehr als {} Werte</translation>
    </message>
    <message>
        <source>{} has {} items; the most is {}</source>
        <translation>{} hat {} Einträge; höchstens {} sind möglich</translation>
    </message>
    <message>
        <source>and {} problems more</source>
        <translation>und {} weitere Probleme</translation>
    </message>
    <message>
        <source>encoders are read when they are needed</source>
        <translation>Encoder werden gelesen, wenn sie gebraucht werden</translation>
    </message>
    <message>
        <source>guidance takes two passes</source>
        <translation>die Führung läuft in zwei Durchgängen</translation>
    </message>
    <message>
        <source>the picture is decoded in tiles</source>
        <translation>das Bild wird in Kacheln dekodiert</translation>
    </message>
    <message>
        <source>about {}</source>
        <translation>etwa {}</translation>
    </message>
    <message>
        <source>about {} of {}</source>
        <translation>etwa {} von {}</translation>
    </message>
    <message>
        <source>{} holds more than {} values, so it was not read.</source>
        <translation>{} enthält mehr als {} Werte und wurde nicht gelesen.</translation>
    </message>
    <message>
        <source>{} holds no JSON object, so it was not read. Copy the file again.</source>
        <translation>{} enthält kein JSON-Objekt und wurde nicht gelesen. Die Datei noch einmal kopieren.</translation>
    </message>
    <message>
        <source>is {}, more than the {} steps of the training</source>
        <translation>ist {}, mehr als die {} Schritte des Trainings</translation>
    </message>
    <message>
        <source>there are none; a LoRA is learned from about ten to fifty pictures of one thing</source>
        <translation>es gibt keine; ein LoRA wird aus etwa zehn bis fünfzig Bildern einer Sache gelernt</translation>
    </message>
    <message>
        <source>is empty, and {} of {} pictures have no caption; say what they show, such as &quot;a photo of sks mug&quot;</source>
        <translation>ist leer, und {} von {} Bildern haben keine Beschreibung; sagen, was sie zeigen, etwa „a photo of sks mug“</translation>
    </message>
    <message>
        <source>memory ran out</source>
        <translation>der Speicher reichte nicht</translation>
    </message>
    <message>
        <source>The picture was not made: memory ran out, although as much as possible was spared.
Make it smaller, choose a smaller model, or close other programs.</source>
        <translation>Das Bild wurde nicht erstellt: Der Speicher reichte nicht, obwohl so viel wie möglich gespart wurde.
Kleineres Bild oder kleineres Modell wählen, oder andere Programme schließen.</translation>
    </message>
    <message>
        <source>The picture was not made: memory ran out, although as much as possible was spared. It needs about {}, and {} are there.
Make it smaller, choose a smaller model, or close other programs.</source>
        <translation>Das Bild wurde nicht erstellt: Der Speicher reichte nicht, obwohl so viel wie möglich gespart wurde. Es braucht etwa {}, und {} sind da.
Kleineres Bild oder kleineres Modell wählen, oder andere Programme schließen.</translation>
    </message>
    <message>
        <source>The picture was not begun: with everything spared it needs about {} of memory, and {} are there.
Make it smaller, choose a smaller model, or close other programs.</source>
        <translation>Das Bild wurde nicht begonnen: Bei größter Sparsamkeit braucht es etwa {} Speicher, und {} sind da.
Kleineres Bild oder kleineres Modell wählen, oder andere Programme schließen.</translation>
    </message>
    <message>
        <source>it holds more than {} values, more than any vocabulary of CLIP</source>
        <translation>sie enthält mehr als {} Werte, mehr als jedes Vokabular von CLIP</translation>
    </message>
    <message>
        <source>it has {} tokens, 1 to {} can be</source>
        <translation>sie hat {} Token, 1 bis {} sind möglich</translation>
    </message>
    <message>
        <source>it holds no merges of tokens</source>
        <translation>sie enthält keine Verschmelzungen von Token</translation>
    </message>
    <message>
        <source>The training ended: memory ran out.
A smaller resolution or batch needs less; its last checkpoint goes on.</source>
        <translation>Das Training endete: Der Speicher reicht nicht.
Eine kleinere Größe oder weniger Bilder je Schritt brauchen weniger; es geht vom letzten Zwischenstand weiter.</translation>
    </message>
    <message>
        <source>The training ended: the program made a mistake.
Its details are in the log; its last checkpoint goes on.</source>
        <translation>Das Training endete: Das Programm hat einen Fehler gemacht.
Einzelheiten stehen im Protokoll; es geht vom letzten Zwischenstand weiter.</translation>
    </message>
    <message>
        <source>The settings of a training cannot be read: {} has no good value.</source>
        <translation>Die Einstellungen eines Trainings lassen sich nicht lesen: {} hat keinen gültigen Wert.</translation>
    </message>
    <message>
        <source>The settings of a training cannot be read: they are no JSON object.</source>
        <translation>Die Einstellungen eines Trainings lassen sich nicht lesen: Sie sind kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>It is no JSON object.</source>
        <translation>Es ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>is {}, which the request does not use</source>
        <translation>ist {}, das die Anfrage nicht verwendet</translation>
    </message>
    <message>
        <source>{}.lora is not text</source>
        <translation>{}.lora ist kein Text</translation>
    </message>
    <message>
        <source>1 to 10 pictures, now</source>
        <translation>1 bis 10 Bilder, sofort</translation>
    </message>
    <message>
        <source>10 to 50 pictures, about an hour</source>
        <translation>10 bis 50 Bilder, etwa eine Stunde</translation>
    </message>
    <message>
        <source>100 or more pictures, a night</source>
        <translation>100 oder mehr Bilder, eine Nacht</translation>
    </message>
    <message>
        <source>Faces come out alike, not the same.</source>
        <translation>Gesichter werden ähnlich, nicht dieselben.</translation>
    </message>
    <message>
        <source>Shape and colours come close; the pictures speak for themselves.</source>
        <translation>Form und Farben kommen nahe; die Bilder sprechen für sich.</translation>
    </message>
    <message>
        <source>The look carries over at once; turn it up or down.</source>
        <translation>Der Stil überträgt sich sofort, stärker oder schwächer.</translation>
    </message>
    <message>
        <source>The whole impression carries over at once.</source>
        <translation>Der ganze Eindruck überträgt sich sofort.</translation>
    </message>
    <message>
        <source>Learns the face by name, in any scene.</source>
        <translation>Lernt das Gesicht beim Namen, in jeder Szene.</translation>
    </message>
    <message>
        <source>Learns the product by name: form, colours and large marks.</source>
        <translation>Lernt das Produkt beim Namen: Form, Farben und große Zeichen.</translation>
    </message>
    <message>
        <source>Learns the style from many pictures; it works on any subject.</source>
        <translation>Lernt den Stil aus vielen Bildern; er wirkt auf jedes Motiv.</translation>
    </message>
    <message>
        <source>Learns thing and look together in one small file.</source>
        <translation>Lernt Ding und Stil zusammen in einer kleinen Datei.</translation>
    </message>
    <message>
        <source>The closest likeness of a face, from every side.</source>
        <translation>Die größte Ähnlichkeit eines Gesichts, von jeder Seite.</translation>
    </message>
    <message>
        <source>The closest likeness of a product, from every side.</source>
        <translation>Die größte Ähnlichkeit eines Produkts, von jeder Seite.</translation>
    </message>
    <message>
        <source>The whole model takes on the style.</source>
        <translation>Das ganze Modell nimmt den Stil an.</translation>
    </message>
    <message>
        <source>The closest to the pictures in everything.</source>
        <translation>Den Bildern in allem am nächsten.</translation>
    </message>
    <message>
        <source>It does not keep a face exact, and poses of the pictures come along.</source>
        <translation>Ein Gesicht bleibt nicht genau, und Posen der Bilder kommen mit.</translation>
    </message>
    <message>
        <source>It does not keep lettering, logos or fine details exact.</source>
        <translation>Schrift, Logos und feine Einzelheiten bleiben nicht genau.</translation>
    </message>
    <message>
        <source>It does not tell the style from the things shown; those come along.</source>
        <translation>Stil und gezeigte Dinge werden nicht getrennt; diese kommen mit.</translation>
    </message>
    <message>
        <source>It does not keep details exact, and nothing of it has a name.</source>
        <translation>Einzelheiten bleiben nicht genau, und nichts davon hat einen Namen.</translation>
    </message>
    <message>
        <source>It does not know sides of the face that no picture shows.</source>
        <translation>Seiten des Gesichts, die kein Bild zeigt, bleiben unbekannt.</translation>
    </message>
    <message>
        <source>It does not keep small lettering exact.</source>
        <translation>Kleine Schrift bleibt nicht genau.</translation>
    </message>
    <message>
        <source>It does not keep a face or product; an image prompt beside it does.</source>
        <translation>Gesicht oder Produkt bleiben nicht gleich; ein Bild-Prompt daneben hält sie.</translation>
    </message>
    <message>
        <source>It does not reach the likeness of a model trained whole.</source>
        <translation>Die Ähnlichkeit eines ganz trainierten Modells wird nicht erreicht.</translation>
    </message>
    <message>
        <source>It works with this model only, and cannot be turned down.</source>
        <translation>Wirkt nur mit diesem Modell und lässt sich nicht abschwächen.</translation>
    </message>
    <message>
        <source>It cannot be turned down, and every picture gets the style.</source>
        <translation>Lässt sich nicht abschwächen, und jedes Bild bekommt den Stil.</translation>
    </message>
    <message>
        <source>nothing to train; a picture takes {} here</source>
        <translation>nichts zu trainieren; ein Bild dauert hier {}</translation>
    </message>
    <message>
        <source>nothing to train</source>
        <translation>nichts zu trainieren</translation>
    </message>
    <message>
        <source>about {} here: {} steps of {}, {} class pictures first</source>
        <translation>hier etwa {}: {} Schritte zu {}, vorher {} Klassenbilder</translation>
    </message>
    <message>
        <source>about {} here: {} steps of {}</source>
        <translation>hier etwa {}: {} Schritte zu {}</translation>
    </message>
    <message>
        <source>{} steps; not measured on this machine yet</source>
        <translation>{} Schritte; auf diesem Rechner noch nicht gemessen</translation>
    </message>
    <message>
        <source>An image prompt</source>
        <translation>Ein Bild-Prompt</translation>
    </message>
    <message>
        <source>A LoRA</source>
        <translation>Eine LoRA</translation>
    </message>
    <message>
        <source>DreamBooth</source>
        <translation>DreamBooth</translation>
    </message>
    <message>
        <source>no time</source>
        <translation>keine Zeit</translation>
    </message>
    <message>
        <source>It takes about {} here; you give {}.</source>
        <translation>Das dauert hier etwa {}; gegeben sind {}.</translation>
    </message>
    <message>
        <source>It takes {} or more on most machines; you give {}.</source>
        <translation>Das dauert auf den meisten Rechnern {} oder mehr; gegeben sind {}.</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>{} pictures</source>
        <translation>{} Bilder</translation>
    </message>
    <message>
        <source>With {} it would learn the pictures and not the thing; {} more make it worth it.</source>
        <translation>Mit {} würden die Bilder gelernt und nicht das Ding; mit {} mehr lohnt es sich.</translation>
    </message>
    <message>
        <source>{} are enough, and {} is enough time.</source>
        <translation>{} genügen, und {} sind Zeit genug.</translation>
    </message>
    <message>
        <source>This model has no image-prompt adapter, so a LoRA is what remains for {}.</source>
        <translation>Dieses Modell hat keinen Bild-Prompt-Adapter; für {} bleibt eine LoRA.</translation>
    </message>
    <message>
        <source>It needs no training and acts on the next picture.</source>
        <translation>Braucht kein Training und wirkt auf das nächste Bild.</translation>
    </message>
    <message>
        <source>Two or three of the best pictures beside it hold details, at a low strength such as 0.4.</source>
        <translation>Zwei oder drei der besten Bilder daneben halten Einzelheiten, bei geringer Stärke wie 0,4.</translation>
    </message>
    <message>
        <source>This model has no image-prompt adapter.</source>
        <translation>Dieses Modell hat keinen Bild-Prompt-Adapter.</translation>
    </message>
    <message>
        <source>It begins with one picture.</source>
        <translation>Beginnt mit einem Bild.</translation>
    </message>
    <message>
        <source>What is learned is enough for a style; add a picture where a subject must stay the same.</source>
        <translation>Für einen Stil genügt das Gelernte; ein Bild dazu, wo ein Motiv gleich bleiben muss.</translation>
    </message>
    <message>
        <source>DreamBooth comes closer, and there are pictures and time for it.</source>
        <translation>DreamBooth kommt näher, und Bilder und Zeit dafür sind da.</translation>
    </message>
    <message>
        <source>A LoRA carries a style as well, and can be turned down.</source>
        <translation>Eine LoRA trägt einen Stil ebenso und lässt sich abschwächen.</translation>
    </message>
    <message>
        <source>{}, with an image prompt beside it</source>
        <translation>{}, mit einem Bild-Prompt daneben</translation>
    </message>
    <message>
        <source>Drop pictures of the thing to begin: one is enough for an image prompt.</source>
        <translation>Zum Anfang Bilder des Dings ablegen: Für einen Bild-Prompt genügt eines.</translation>
    </message>
    <message>
        <source>{} and {}: {}.</source>
        <translation>{} und {}: {}.</translation>
    </message>
    <message>
        <source>{}: a LoRA is worth it from {}.</source>
        <translation>{}: Eine LoRA lohnt sich ab {}.</translation>
    </message>
    <message>
        <source>{} would do for a LoRA. {}</source>
        <translation>{} würden für eine LoRA genügen. {}</translation>
    </message>
    <message>
        <source>enough for DreamBooth, 100 and more</source>
        <translation>genug für DreamBooth, 100 und mehr</translation>
    </message>
    <message>
        <source>few for DreamBooth, 100 and more; a LoRA does with 10 to 50</source>
        <translation>wenige für DreamBooth, 100 und mehr; einem LoRA genügen 10 bis 50</translation>
    </message>
    <message>
        <source>enough to teach an adapter, 50 and more</source>
        <translation>genug, um einen Adapter anzulernen, 50 und mehr</translation>
    </message>
    <message>
        <source>few to teach an adapter, 50 and more</source>
        <translation>wenige, um einen Adapter anzulernen, 50 und mehr</translation>
    </message>
    <message>
        <source>few for a LoRA, 10 to 50: it may learn the pictures and not the thing</source>
        <translation>wenige für ein LoRA, 10 bis 50: Es lernt vielleicht die Bilder und nicht die Sache</translation>
    </message>
    <message>
        <source>more than a LoRA needs, 10 to 50</source>
        <translation>mehr, als ein LoRA braucht, 10 bis 50</translation>
    </message>
    <message>
        <source>enough for a LoRA, 10 to 50</source>
        <translation>genug für ein LoRA, 10 bis 50</translation>
    </message>
    <message>
        <source>{} could not be read</source>
        <translation>{} nicht lesbar</translation>
    </message>
    <message>
        <source>{} cannot be learned from</source>
        <translation>aus {} lässt sich nichts lernen</translation>
    </message>
    <message>
        <source>Smallest side {} px</source>
        <translation>Kleinste Seite {} px</translation>
    </message>
    <message>
        <source>trained at {} px</source>
        <translation>trainiert bei {} px</translation>
    </message>
    <message>
        <source>{}: smaller than the {} px of the training; enlarged, they teach it softness</source>
        <translation>{}: kleiner als die {} px des Trainings; vergrößert lehren sie Unschärfe</translation>
    </message>
    <message>
        <source>{} cut hard</source>
        <translation>{} stark beschnitten</translation>
    </message>
    <message>
        <source>{}: very long or high; only {} % is seen. Cut the thing out before.</source>
        <translation>{}: sehr lang oder hoch; nur {} % sind zu sehen. Die Sache vorher ausschneiden.</translation>
    </message>
    <message>
        <source>Sharp</source>
        <translation>Scharf</translation>
    </message>
    <message>
        <source>{} blurred</source>
        <translation>{} unscharf</translation>
    </message>
    <message>
        <source>edges at most {} px wide at {} px</source>
        <translation>Kanten höchstens {} px breit bei {} px</translation>
    </message>
    <message>
        <source>{}: even the sharpest edges are up to {} px wide at {} px; {} is still sharp</source>
        <translation>{}: Selbst die schärfsten Kanten sind bis zu {} px breit bei {} px; {} ist noch scharf</translation>
    </message>
    <message>
        <source>{}: hardly any edge at {} px</source>
        <translation>{}: kaum eine Kante bei {} px</translation>
    </message>
    <message>
        <source>{} blank</source>
        <translation>{} leer</translation>
    </message>
    <message>
        <source>{}: one colour all over</source>
        <translation>{}: überall eine Farbe</translation>
    </message>
    <message>
        <source>{} are the same</source>
        <translation>{} sind gleich</translation>
    </message>
    <message>
        <source>{}: each is learned as often as it is there</source>
        <translation>{}: Jedes wird so oft gelernt, wie es da ist</translation>
    </message>
    <message>
        <source>{} look alike</source>
        <translation>{} ähneln sich</translation>
    </message>
    <message>
        <source>{} count double</source>
        <translation>{} zählen doppelt</translation>
    </message>
    <message>
        <source>No copies</source>
        <translation>Keine Kopien</translation>
    </message>
    <message>
        <source>no two pictures look alike</source>
        <translation>keine zwei Bilder ähneln sich</translation>
    </message>
    <message>
        <source>{} of {} captions</source>
        <translation>{} von {} Beschreibungen</translation>
    </message>
    <message>
        <source>{}: write what they show, or one prompt for all without</source>
        <translation>{}: schreiben, was sie zeigen, oder ein Prompt für alle ohne</translation>
    </message>
    <message>
        <source>One caption for all</source>
        <translation>Eine Beschreibung für alle</translation>
    </message>
    <message>
        <source>&quot;{}&quot;; captions of their own keep places and poses from being learned with the thing</source>
        <translation>„{}“; mit eigenen Beschreibungen werden Orte und Haltungen nicht mitgelernt</translation>
    </message>
    <message>
        <source>only &quot;{}&quot;: {}</source>
        <translation>nur „{}“: {}</translation>
    </message>
    <message>
        <source>All captions are the same</source>
        <translation>Alle Beschreibungen sind gleich</translation>
    </message>
    <message>
        <source>&quot;{}&quot;; say of each what else it shows, and that is not learned with the thing</source>
        <translation>„{}“; von jedem sagen, was es sonst zeigt, dann wird das nicht mitgelernt</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Beschreibungen</translation>
    </message>
    <message>
        <source>every picture has its own</source>
        <translation>jedes Bild hat seine eigene</translation>
    </message>
    <message>
        <source>{} with a mask that does not fit</source>
        <translation>{} mit Maske, die nicht passt</translation>
    </message>
    <message>
        <source>{}: mask and picture have other proportions, so they do not lie on each other</source>
        <translation>{}: Maske und Bild haben verschiedene Proportionen und liegen nicht aufeinander</translation>
    </message>
    <message>
        <source>{} with nothing left by the mask</source>
        <translation>{} mit Maske, die nichts übrig lässt</translation>
    </message>
    <message>
        <source>{}: less than 1 % of the picture counts; white is what is learned</source>
        <translation>{}: Weniger als 1 % des Bildes zählt; Weiß ist, was gelernt wird</translation>
    </message>
    <message>
        <source>{} masked</source>
        <translation>{} mit Maske</translation>
    </message>
    <message>
        <source>what is black or transparent is not learned</source>
        <translation>Schwarzes und Durchsichtiges wird nicht gelernt</translation>
    </message>
    <message>
        <source>picture {}</source>
        <translation>Bild {}</translation>
    </message>
    <message>
        <source>{} could not be read; leave what is no picture out</source>
        <translation>{} ließ sich nicht lesen; weglassen, was kein Bild ist</translation>
    </message>
    <message>
        <source>all {} are the same picture; a training needs different ones of the thing</source>
        <translation>alle {} sind dasselbe Bild; ein Training braucht verschiedene der Sache</translation>
    </message>
    <message>
        <source>One subject</source>
        <translation>Ein Motiv</translation>
    </message>
    <message>
        <source>a single picture has nothing to be compared with</source>
        <translation>ein einziges Bild hat keinen Vergleich</translation>
    </message>
    <message>
        <source>likeness among the pictures {}</source>
        <translation>Ähnlichkeit der Bilder untereinander {}</translation>
    </message>
    <message>
        <source>{} of something else</source>
        <translation>{} von etwas anderem</translation>
    </message>
    <message>
        <source>{}: likeness to the others {}, among them {}; it would be learned too</source>
        <translation>{}: Ähnlichkeit zu den anderen {}, unter diesen {}; es würde mitgelernt</translation>
    </message>
    <message>
        <source>is of DreamBooth alone</source>
        <translation>gehört allein zu DreamBooth</translation>
    </message>
    <message>
        <source>is a form of the whole; a LoRA is one file of its own already</source>
        <translation>ist eine Form des Ganzen; eine LoRA ist schon eine eigene Datei</translation>
    </message>
    <message>
        <source>is on; an adapter learns over an unchanged text encoder</source>
        <translation>ist an; ein Adapter lernt über einem unveränderten Text-Encoder</translation>
    </message>
    <message>
        <source>is given, and the text encoder is not trained; train it too, or leave its rate out</source>
        <translation>ist angegeben, und der Text-Encoder wird nicht trainiert; ihn mittrainieren oder seine Rate weglassen</translation>
    </message>
    <message>
        <source>is of the adapter&apos;s training alone</source>
        <translation>gehört allein zum Training des Adapters</translation>
    </message>
    <message>
        <source>is empty; name where the result is written to</source>
        <translation>ist leer; angeben, wohin das Ergebnis geschrieben wird</translation>
    </message>
    <message>
        <source>{} could not be written: {}. Its last checkpoint goes on.</source>
        <translation>{} konnte nicht geschrieben werden: {}. Vom letzten Checkpoint geht es weiter.</translation>
    </message>
    <message>
        <source>the model {} is {}; what is learned needs one that makes whole pictures from text</source>
        <translation>das Modell {} ist {}; zum Lernen braucht es eines, das ganze Bilder aus Text erstellt</translation>
    </message>
    <message>
        <source>a refiner</source>
        <translation>ein Refiner</translation>
    </message>
    <message>
        <source>made for inpainting</source>
        <translation>für Inpainting gemacht</translation>
    </message>
    <message>
        <source>The training ended: at step {}, with a learning rate of {}, its loss is {}.</source>
        <translation>Das Training endete: Bei Schritt {} mit der Lernrate {} ist sein Verlust {}.</translation>
    </message>
    <message>
        <source>{}
Lower the learning rate to {} and go on from the last checkpoint, or begin anew.</source>
        <translation>{}
Die Lernrate auf {} senken und vom letzten Checkpoint weitermachen oder neu beginnen.</translation>
    </message>
    <message>
        <source>{}
Lower the learning rate to {}, or choose the dtype float32 instead of {}, and go on from the last checkpoint, or begin anew.</source>
        <translation>{}
Die Lernrate auf {} senken oder als dtype float32 statt {} wählen und vom letzten Checkpoint weitermachen oder neu beginnen.</translation>
    </message>
    <message>
        <source>The training ended: memory ran out. A smaller resolution or train_batch_size needs less, and so does gradient_checkpointing.
Its last checkpoint goes on.</source>
        <translation>Das Training endete: Der Speicher reichte nicht. Eine kleinere Auflösung oder train_batch_size braucht weniger, ebenso gradient_checkpointing.
Vom letzten Checkpoint geht es weiter.</translation>
    </message>
    <message>
        <source>The training ended: the program made a mistake. Its details are in the log.
Its last checkpoint goes on.</source>
        <translation>Das Training endete: Das Programm hat einen Fehler gemacht. Einzelheiten stehen im Protokoll.
Vom letzten Checkpoint geht es weiter.</translation>
    </message>
    <message>
        <source>The training changed nothing: weights by {}, pictures by {}. What it made was not saved. Try a higher learning rate or more steps.</source>
        <translation>Das Training hat nichts verändert: Gewichte um {}, Bilder um {}. Was es ergab, wurde nicht gespeichert. Eine höhere Lernrate oder mehr Schritte versuchen.</translation>
    </message>
    <message>
        <source>Nothing can be written into {}.</source>
        <translation>In {} lässt sich nichts schreiben.</translation>
    </message>
    <message>
        <source>No sample was made at step {}, for memory ran out; the training goes on without.</source>
        <translation>Bei Schritt {} wurde keine Probe erstellt, weil der Speicher nicht reichte; das Training geht ohne weiter.</translation>
    </message>
    <message>
        <source>{} is damaged: its content is not what was written.</source>
        <translation>{} ist beschädigt: Der Inhalt ist nicht, was geschrieben wurde.</translation>
    </message>
    <message>
        <source>{} is no checkpoint of a training: it tells no step.</source>
        <translation>{} ist kein Checkpoint eines Trainings: Es steht kein Schritt darin.</translation>
    </message>
    <message>
        <source>{}
The training goes on from the checkpoint before it, of {} steps.</source>
        <translation>{}
Das Training geht vom Checkpoint davor weiter, von {} Schritten.</translation>
    </message>
    <message>
        <source>{}
No whole checkpoint of this training is left. Begin anew.</source>
        <translation>{}
Es gibt keinen ganzen Checkpoint dieses Trainings mehr. Neu beginnen.</translation>
    </message>
    <message>
        <source>The training was not begun: its {} checkpoints of {} each and what it makes need {} in {}, and {} are free.
Make room, or write it somewhere else.</source>
        <translation>Das Training wurde nicht begonnen: Seine {} Checkpoints von je {} und das Ergebnis brauchen {} in {}, und {} sind frei.
Platz schaffen oder an einen anderen Ort schreiben.</translation>
    </message>
    <message>
        <source>{} could not be copied to {}: {}.</source>
        <translation>{} konnte nicht nach {} kopiert werden: {}.</translation>
    </message>
    <message>
        <source>{}: the loss is {} at step {}, at a learning rate of {}.</source>
        <translation>{}: Der Verlust ist {} bei Schritt {}, bei einer Lernrate von {}.</translation>
    </message>
    <message>
        <source>The checkpoint {} is of a training with other settings or pictures, so it cannot go on.
Give what it was begun with, or begin anew.</source>
        <translation>Der Checkpoint {} ist von einem Training mit anderen Einstellungen oder Bildern, darum kann es nicht weitergehen.
Angeben, womit es begonnen wurde, oder neu beginnen.</translation>
    </message>
    <message>
        <source>The model was changed since the checkpoint {} was written, so the training cannot go on.
Bring the model of then back, or begin anew.</source>
        <translation>Das Modell wurde verändert, seit der Checkpoint {} geschrieben wurde, darum kann das Training nicht weitergehen.
Das damalige Modell zurückholen oder neu beginnen.</translation>
    </message>
    <message>
        <source>The learning rate was {} up to step {}; it goes on with {}.</source>
        <translation>Die Lernrate war {} bis Schritt {}; weiter geht es mit {}.</translation>
    </message>
    <message>
        <source>The checkpoint of step {} was not written; the one before it stays, and the training goes on.
{}</source>
        <translation>Der Checkpoint von Schritt {} wurde nicht geschrieben; der davor bleibt, und das Training geht weiter.
{}</translation>
    </message>
    <message>
        <source>model and refiner take turns</source>
        <translation>Modell und Refiner wechseln sich ab</translation>
    </message>
    <message>
        <source>is given, but the model is not of the SDXL family; leave it out, or choose an SDXL model</source>
        <translation>ist angegeben, aber das Modell gehört nicht zur SDXL-Familie; ihn weglassen oder ein SDXL-Modell wählen</translation>
    </message>
    <message>
        <source>The folder {} could not be read: {}.</source>
        <translation>Der Ordner {} konnte nicht gelesen werden: {}.</translation>
    </message>
    <message>
        <source>is {}; a whole model is not kept at its samples</source>
        <translation>ist {}; ein ganzes Modell wird bei seinen Proben nicht aufgehoben</translation>
    </message>
    <message>
        <source>{} are free, and its checkpoints need them.</source>
        <translation>{} sind frei, und seine Checkpoints brauchen sie.</translation>
    </message>
    <message>
        <source>What is learned at step {} was not kept beside its samples; the training goes on, and its later samples cannot be taken.
{}</source>
        <translation>Was bei Schritt {} gelernt ist, wurde neben den Proben nicht aufgehoben; das Training geht weiter, und spätere Proben lassen sich nicht nehmen.
{}</translation>
    </message>
    <message>
        <source>What was learned at step {} is not kept any more. Take another step.</source>
        <translation>Was bei Schritt {} gelernt war, ist nicht mehr aufgehoben. Einen anderen Schritt nehmen.</translation>
    </message>
    <message>
        <source>What was learned at step {} is of other pictures, settings or another model than those of now, so it cannot be taken.
Bring them back, or train anew.</source>
        <translation>Was bei Schritt {} gelernt war, gehört zu anderen Bildern, Einstellungen oder einem anderen Modell als den jetzigen und lässt sich nicht nehmen.
Sie zurückbringen oder neu trainieren.</translation>
    </message>
    <message>
        <source>one of {}; {} also with _karras, _exponential or _beta at the end</source>
        <translation>eines von {}; {} auch mit _karras, _exponential oder _beta am Ende</translation>
    </message>
    <message>
        <source>Reference {} never acts: of {} steps, {} to {} are taken, and its range ({} to {}) holds none of them.</source>
        <translation>Referenz {} wirkt nie: Von {} Schritten werden {} bis {} gemacht, und in ihrem Bereich ({} bis {}) liegt keiner davon.</translation>
    </message>
    <message>
        <source>No step is guided: of {} steps, {} to {} are taken, and the range of guidance ({} to {}) holds none of them.</source>
        <translation>Kein Schritt wird geführt: Von {} Schritten werden {} bis {} gemacht, und im Bereich der Führung ({} bis {}) liegt keiner davon.</translation>
    </message>
    <message>
        <source>branch.step is {}; it goes from 1 to {}.</source>
        <translation>branch.step ist {}; es reicht von 1 bis {}.</translation>
    </message>
    <message>
        <source>The picture was brought to {} x {}, whose sides are multiples of {}: what the mask keeps of it is not pixel for pixel what it was.</source>
        <translation>Das Bild wurde auf {} x {} gebracht, deren Seiten Vielfache von {} sind: Was die Maske von ihm behält, ist nicht Pixel für Pixel das alte.</translation>
    </message>
    <message>
        <source>{} cannot be written: there is no folder {}. Make it first.</source>
        <translation>{} kann nicht geschrieben werden: Es gibt keinen Ordner {}. Er ist zuerst anzulegen.</translation>
    </message>
    <message>
        <source>{} cannot be written: {}.</source>
        <translation>{} kann nicht geschrieben werden: {}.</translation>
    </message>
    <message>
        <source>{} cannot be written: a folder has that name.</source>
        <translation>{} kann nicht geschrieben werden: Ein Ordner hat diesen Namen.</translation>
    </message>
    <message>
        <source>{} is the name of a file, and a whole model is a folder. Choose another name.</source>
        <translation>{} ist der Name einer Datei, und ein ganzes Modell ist ein Ordner. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>{} is no model&apos;s folder, so it is not written over. Choose another name.</source>
        <translation>{} ist kein Ordner eines Modells und wird darum nicht überschrieben. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>{} is not there any more.</source>
        <translation>{} ist nicht mehr da.</translation>
    </message>
    <message>
        <source>is {}; the pictures that are made would need seeds past 2^64 - 1</source>
        <translation>ist {}; die Bilder, die gemacht werden, bräuchten Startwerte über 2^64 - 1</translation>
    </message>
    <message>
        <source>{} of {} captions are too long</source>
        <translation>{} von {} Beschreibungen sind zu lang</translation>
    </message>
    <message>
        <source>the model reads {} tokens of each, and nothing of what comes after is learned; the longest has {}: {}</source>
        <translation>das Modell liest von jeder {} Tokens, und was danach kommt, wird nicht gelernt; die längste hat {}: {}</translation>
    </message>
    <message>
        <source>{}: {}</source>
        <translation>{}: {}</translation>
    </message>
    <message>
        <source>{} ({}) is another picture than the request was made with; the result will differ.</source>
        <translation>{} ({}) ist ein anderes Bild als das, womit der Auftrag erstellt wurde; das Ergebnis wird abweichen.</translation>
    </message>
</context>
<context>
    <name>likeness::AboutWindow</name>
    <message>
        <source>About Likeness</source>
        <translation>Über Likeness</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Likeness %1</source>
        <translation>Likeness %1</translation>
    </message>
    <message>
        <source>Image-prompted diffusion: pictures of a thing, words for where it should be. Everything is computed on this machine; nothing is sent anywhere.</source>
        <translation>Diffusion mit Bildern als Vorgabe: Bilder zeigen eine Sache, Wörter sagen, wo sie sein soll. Alles wird auf diesem Rechner berechnet; nichts wird verschickt.</translation>
    </message>
    <message>
        <source>Apache License 2.0. It stands on:</source>
        <translation>Apache License 2.0. Es baut auf:</translation>
    </message>
</context>
<context>
    <name>likeness::ActivePanel</name>
    <message>
        <source>the model alone</source>
        <translation>das Modell allein</translation>
    </message>
    <message>
        <source>%1 active</source>
        <translation>%1 aktiv</translation>
    </message>
    <message>
        <source>%1 muted</source>
        <translation>%1 stumm</translation>
    </message>
    <message>
        <source>%1 left out</source>
        <translation>%1 ausgelassen</translation>
    </message>
    <message>
        <source>Active together</source>
        <translation>Zusammen aktiv</translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation>LoRAs</translation>
    </message>
    <message>
        <source>Master strength</source>
        <translation>Gesamtstärke</translation>
    </message>
    <message>
        <source>master_scale: multiplies every reference&apos;s strength and keeps their balance. Double click: %1</source>
        <translation>master_scale: vervielfacht die Stärke jeder Referenz und erhält ihr Verhältnis. Doppelklick: %1</translation>
    </message>
    <message>
        <source>More of the master strength</source>
        <translation>Mehr zur Gesamtstärke</translation>
    </message>
    <message>
        <source>Sweep: a ladder of the master strength</source>
        <translation>Durchlauf: eine Reihe der Gesamtstärke</translation>
    </message>
    <message>
        <source>Compare adapters</source>
        <translation>Adapter vergleichen</translation>
    </message>
    <message>
        <source>Image prompt</source>
        <translation>Bild-Prompt</translation>
    </message>
    <message>
        <source>Compare models</source>
        <translation>Modelle vergleichen</translation>
    </message>
    <message>
        <source>Sweep: a ladder of its strength</source>
        <translation>Durchlauf: eine Reihe der Stärke</translation>
    </message>
    <message>
        <source>End solo</source>
        <translation>Solo beenden</translation>
    </message>
    <message>
        <source>Solo: only this reference acts</source>
        <translation>Solo: nur diese Referenz wirkt</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>likeness::ActiveRow</name>
    <message>
        <source>More of this</source>
        <translation>Mehr dazu</translation>
    </message>
    <message>
        <source>Mute: the picture is made without it</source>
        <translation>Stumm: das Bild entsteht ohne dies</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>learned word</source>
        <translation>gelerntes Wort</translation>
    </message>
    <message>
        <source>More of %1</source>
        <translation>Mehr zu %1</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>%1 stumm schalten</translation>
    </message>
    <message>
        <source>Strength of %1</source>
        <translation>Stärke von %1</translation>
    </message>
    <message>
        <source>ip_adapter_scale: how strongly this reference counts, before the master. Double click: %1</source>
        <translation>ip_adapter_scale: wie stark diese Referenz zählt, vor der Gesamtstärke. Doppelklick: %1</translation>
    </message>
    <message>
        <source>lora_scale: how strongly this LoRA counts.
0 without it, 1 as trained, below 0 the contrary. Double click: %1</source>
        <translation>lora_scale: wie stark diese LoRA zählt.
0 ohne sie, 1 wie trainiert, unter 0 das Gegenteil. Doppelklick: %1</translation>
    </message>
</context>
<context>
    <name>likeness::CanvasMask</name>
    <message>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <source>brush size: share of the picture. [ and ] change it</source>
        <translation>Pinselgröße: Anteil am Bild. [ und ] ändern sie</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weich</translation>
    </message>
    <message>
        <source>feather: share of the brush over which it fades</source>
        <translation>feather: Anteil des Pinsels, über den er ausläuft</translation>
    </message>
    <message>
        <source>Invert the mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>mask: end painting; what was painted stays</source>
        <translation>mask: Malen beenden; Gemaltes bleibt</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Where %1 acts</source>
        <translation>Wo %1 wirkt</translation>
    </message>
    <message>
        <source>Remove the mask</source>
        <translation>Maske entfernen</translation>
    </message>
    <message>
        <source>What is made anew</source>
        <translation>Was neu entsteht</translation>
    </message>
</context>
<context>
    <name>likeness::CaptionPanel</name>
    <message>
        <source>Caption</source>
        <translation>Bildtext</translation>
    </message>
    <message>
        <source>Caption of the picture</source>
        <translation>Bildtext des Bildes</translation>
    </message>
    <message>
        <source>prompt: what this picture shows, with the thing&apos;s name in it. Ctrl+Down goes to the next picture, Ctrl+Up to the one before</source>
        <translation>prompt: was dieses Bild zeigt, mit dem Namen der Sache darin. Strg+Ab geht zum nächsten Bild, Strg+Auf zum vorigen</translation>
    </message>
    <message>
        <source>No picture is chosen</source>
        <translation>Kein Bild ausgewählt</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>likeness::CompareBar</name>
    <message>
        <source>Side by side</source>
        <translation>Kacheln</translation>
    </message>
    <message>
        <source>Every picture, zoomed and moved together</source>
        <translation>Alle Bilder, gemeinsam vergrößert und verschoben</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Trennlinie</translation>
    </message>
    <message>
        <source>A on the left of a line, B on its right</source>
        <translation>Links der Linie A, rechts B</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Wechsel</translation>
    </message>
    <message>
        <source>A and B in turn, in one place</source>
        <translation>A und B abwechselnd an derselben Stelle</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Where A and B differ, and how much</source>
        <translation>Wo und wie stark sich A und B unterscheiden</translation>
    </message>
    <message>
        <source>Picture A</source>
        <translation>Bild A</translation>
    </message>
    <message>
        <source>Picture B</source>
        <translation>Bild B</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Swap A and B</source>
        <translation>A und B tauschen</translation>
    </message>
    <message>
        <source>Which picture wipe, blink and difference show</source>
        <translation>Welches Bild Trennlinie, Wechsel und Differenz zeigen</translation>
    </message>
</context>
<context>
    <name>likeness::CompareView</name>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Beginning</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>mean %1</source>
        <translation>Mittel %1</translation>
    </message>
    <message>
        <source>Computing the difference</source>
        <translation>Differenz wird berechnet</translation>
    </message>
    <message>
        <source>%1  against  %2</source>
        <translation>%1  gegen  %2</translation>
    </message>
    <message>
        <source>Ctrl+L makes a ladder: the same seed at several strengths</source>
        <translation>Strg+L erstellt eine Reihe: derselbe Startwert bei mehreren Stärken</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Wird gelesen</translation>
    </message>
    <message>
        <source>Not made</source>
        <translation>Nicht erstellt</translation>
    </message>
</context>
<context>
    <name>likeness::CompareViewPanel</name>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Wipe, %</source>
        <translation>Trennlinie, %</translation>
    </message>
    <message>
        <source>Where the line between A and B stands</source>
        <translation>Wo die Linie zwischen A und B steht</translation>
    </message>
    <message>
        <source>Blink, Hz</source>
        <translation>Wechsel, Hz</translation>
    </message>
    <message>
        <source>How many times a second A and B change</source>
        <translation>Wie oft in der Sekunde A und B wechseln</translation>
    </message>
    <message>
        <source>Diff gain</source>
        <translation>Verstärkung</translation>
    </message>
    <message>
        <source>Differences are drawn that many times stronger</source>
        <translation>Unterschiede werden so viele Male stärker gezeichnet</translation>
    </message>
    <message>
        <source>Absolute</source>
        <translation>Absolut</translation>
    </message>
    <message>
        <source>The difference of each channel, times the gain</source>
        <translation>Die Differenz jedes Kanals mal Verstärkung</translation>
    </message>
    <message>
        <source>CIEDE2000: how far apart the eye sees the colours; 1 is just seen</source>
        <translation>CIEDE2000: wie verschieden das Auge die Farben sieht; 1 ist gerade sichtbar</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
</context>
<context>
    <name>likeness::CompareWorkspace</name>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>The sheet could not be saved as %1</source>
        <translation>Der Bogen konnte nicht als %1 gespeichert werden</translation>
    </message>
    <message>
        <source>The pictures are still here.</source>
        <translation>Die Bilder sind noch da.</translation>
    </message>
    <message>
        <source>The picture could not be saved as %1</source>
        <translation>Das Bild konnte nicht als %1 gespeichert werden</translation>
    </message>
    <message>
        <source>There is no picture to export yet</source>
        <translation>Es gibt noch kein Bild zum Exportieren</translation>
    </message>
    <message>
        <source>Export as one sheet</source>
        <translation>Als einen Bogen exportieren</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.tif *.webp)</source>
        <translation>Bilder (*.png *.jpg *.tif *.webp)</translation>
    </message>
    <message>
        <source>Export as files into a folder</source>
        <translation>Als Dateien in einen Ordner exportieren</translation>
    </message>
    <message>
        <source>Export sheet</source>
        <translation>Bogen exportieren</translation>
    </message>
    <message>
        <source>Save all pictures as one with captions</source>
        <translation>Alle Bilder mit Beschriftung als ein Bild speichern</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>This picture&apos;s settings go back to Generate</source>
        <translation>Die Einstellungen dieses Bilds gehen zurück zu Generieren</translation>
    </message>
    <message>
        <source>Ladder finished, %1 pictures in %2 s</source>
        <translation>Reihe fertig, %1 Bilder in %2 s</translation>
    </message>
    <message>
        <source>Sheet finished, %1 pictures in %2 s</source>
        <translation>Bogen fertig, %1 Bilder in %2 s</translation>
    </message>
    <message>
        <source>The picture %1 was not made</source>
        <translation>Das Bild %1 wurde nicht erstellt</translation>
    </message>
    <message>
        <source>The others go on; Go on makes it again.</source>
        <translation>Die anderen laufen weiter; Fortsetzen erstellt es noch einmal.</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>Make a &amp;ladder</source>
        <translation>&amp;Reihe erstellen</translation>
    </message>
    <message>
        <source>&amp;Show the comparison</source>
        <translation>Vergleich an&amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Go on with what is missing</source>
        <translation>Fehlende &amp;fortsetzen</translation>
    </message>
    <message>
        <source>S&amp;wap A and B</source>
        <translation>A und B &amp;tauschen</translation>
    </message>
    <message>
        <source>&amp;Keep the winner</source>
        <translation>&amp;Gewinner behalten</translation>
    </message>
    <message>
        <source>&amp;Export as one sheet</source>
        <translation>Als einen &amp;Bogen exportieren</translation>
    </message>
    <message>
        <source>Export as &amp;files</source>
        <translation>Als &amp;Dateien exportieren</translation>
    </message>
    <message>
        <source>Waiting for a reference that is still being read</source>
        <translation>Wartet auf eine Referenz, die noch gelesen wird</translation>
    </message>
    <message>
        <source>The comparison was not made: settings do not fit</source>
        <translation>Der Vergleich wurde nicht erstellt: Einstellungen passen nicht</translation>
    </message>
    <message>
        <source>Keep %1 and return to Generate</source>
        <translation>%1 behalten, zurück zu Generieren</translation>
    </message>
    <message>
        <source>Return to Generate</source>
        <translation>Zurück zu Generieren</translation>
    </message>
    <message>
        <source>Pick what is compared, then make the ladder</source>
        <translation>Auswählen, was verglichen wird, dann die Reihe erstellen</translation>
    </message>
</context>
<context>
    <name>likeness::ComparisonModel</name>
    <message>
        <source>Strength, all</source>
        <translation>Stärke, alle</translation>
    </message>
    <message>
        <source>Strength, reference %1</source>
        <translation>Stärke, Referenz %1</translation>
    </message>
    <message>
        <source>Which reference</source>
        <translation>Welche Referenz</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Führung</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>Strength %1: %2</source>
        <translation>Stärke %1: %2</translation>
    </message>
</context>
<context>
    <name>likeness::ComparisonPanel</name>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Ladder</source>
        <translation>Reihe</translation>
    </message>
    <message>
        <source>One field, step by step, the same seed</source>
        <translation>Ein Feld, Stufe für Stufe, derselbe Startwert</translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation>Bogen</translation>
    </message>
    <message>
        <source>Two fields against each other, the same seed</source>
        <translation>Zwei Felder gegeneinander, derselbe Startwert</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>Variieren</translation>
    </message>
    <message>
        <source>Across</source>
        <translation>Waagerecht</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Senkrecht</translation>
    </message>
    <message>
        <source>Values across</source>
        <translation>Werte waagerecht</translation>
    </message>
    <message>
        <source>Values down</source>
        <translation>Werte senkrecht</translation>
    </message>
    <message>
        <source>Lock the seed: the next picture starts from the same noise</source>
        <translation>Startwert festhalten: Das nächste Bild beginnt mit demselben Rauschen</translation>
    </message>
    <message>
        <source>Make ladder</source>
        <translation>Reihe erstellen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>Erstellen</translation>
    </message>
    <message>
        <source>The field in which the pictures differ</source>
        <translation>Das Feld, in dem sich die Bilder unterscheiden</translation>
    </message>
    <message>
        <source>Values, separated by commas</source>
        <translation>Werte, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>The first rung</source>
        <translation>Die erste Stufe</translation>
    </message>
    <message>
        <source>The last rung at most</source>
        <translation>Höchstens die letzte Stufe</translation>
    </message>
    <message>
        <source>From one rung to the next</source>
        <translation>Von einer Stufe zur nächsten</translation>
    </message>
    <message>
        <source>From, to</source>
        <translation>Von, bis</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>seed: the noise every picture starts from</source>
        <translation>seed: das Rauschen, mit dem jedes Bild beginnt</translation>
    </message>
    <message>
        <source>Draw another seed</source>
        <translation>Neuen Startwert ziehen</translation>
    </message>
    <message>
        <source>Make the pictures that are missing</source>
        <translation>Die fehlenden Bilder erstellen</translation>
    </message>
    <message>
        <source>1 rung</source>
        <translation>1 Stufe</translation>
    </message>
    <message>
        <source>%1 rungs</source>
        <translation>%1 Stufen</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>%1 pictures</source>
        <translation>%1 Bilder</translation>
    </message>
    <message>
        <source>%1, %2 s</source>
        <translation>%1, %2 s</translation>
    </message>
    <message>
        <source>Make sheet</source>
        <translation>Bogen erstellen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Ctrl+L</source>
        <translation>Strg+L</translation>
    </message>
    <message>
        <source>Stop; what is finished stays</source>
        <translation>Anhalten; Fertiges bleibt</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Make these pictures with one seed, after what waits in the queue</source>
        <translation>Diese Bilder mit einem Startwert erstellen, nach dem, was in der Warteschlange wartet</translation>
    </message>
    <message>
        <source>Stopping, %1</source>
        <translation>Wird angehalten, %1</translation>
    </message>
    <message>
        <source>Paused, %1</source>
        <translation>Pausiert, %1</translation>
    </message>
    <message>
        <source>Waiting, %1</source>
        <translation>Wartet, %1</translation>
    </message>
    <message>
        <source>%1, %2 s left</source>
        <translation>%1, noch %2 s</translation>
    </message>
    <message>
        <source>Which are compared</source>
        <translation>Was verglichen wird</translation>
    </message>
    <message>
        <source>Which are compared across</source>
        <translation>Was quer verglichen wird</translation>
    </message>
    <message>
        <source>Which are compared down</source>
        <translation>Was nach unten verglichen wird</translation>
    </message>
    <message>
        <source>One picture for each that is picked; Space picks one or lets it go</source>
        <translation>Ein Bild für jedes Gewählte; die Leertaste wählt oder lässt los</translation>
    </message>
</context>
<context>
    <name>likeness::DatasetPanel</name>
    <message>
        <source>Add pictures to learn from: drop files or a folder, paste, or click</source>
        <translation>Bilder zum Lernen hinzufügen: Dateien oder einen Ordner ablegen, einfügen oder klicken</translation>
    </message>
    <message>
        <source>Add pictures to learn from</source>
        <translation>Bilder zum Lernen hinzufügen</translation>
    </message>
    <message>
        <source>More for the dataset</source>
        <translation>Mehr zum Datensatz</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Einen Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Write missing captions</source>
        <translation>Fehlende Bildtexte schreiben</translation>
    </message>
    <message>
        <source>Take out what is chosen</source>
        <translation>Ausgewählte herausnehmen</translation>
    </message>
    <message>
        <source>Take all out</source>
        <translation>Alle herausnehmen</translation>
    </message>
    <message>
        <source>%1 pictures, reading</source>
        <translation>%1 Bilder, wird gelesen</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>%1 pictures</source>
        <translation>%1 Bilder</translation>
    </message>
    <message>
        <source>Fixed while the training runs</source>
        <translation>Fest, solange das Training läuft</translation>
    </message>
    <message>
        <source>Drop, paste or click to add</source>
        <translation>Ablegen, einfügen oder klicken</translation>
    </message>
    <message>
        <source>Find missing pictures</source>
        <translation>Fehlende Bilder suchen</translation>
    </message>
    <message>
        <source>Leave out what is missing</source>
        <translation>Fehlende weglassen</translation>
    </message>
    <message>
        <source>%1 pictures, %2 missing</source>
        <translation>%1 Bilder, %2 fehlen</translation>
    </message>
</context>
<context>
    <name>likeness::DatasetTiles</name>
    <message>
        <source>Pictures to learn from</source>
        <translation>Bilder zum Lernen</translation>
    </message>
    <message>
        <source>Pictures of one thing, or a folder of them. A .txt file beside a picture is its caption.</source>
        <translation>Bilder einer Sache oder ein Ordner davon. Eine .txt-Datei neben einem Bild ist sein Bildtext.</translation>
    </message>
</context>
<context>
    <name>likeness::DockFolding</name>
    <message>
        <source>Panels</source>
        <translation>Bereiche</translation>
    </message>
</context>
<context>
    <name>likeness::EditHistory</name>
    <message>
        <source>Replace references</source>
        <translation>Referenzen ersetzen</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>%1 hinzufügen</translation>
    </message>
    <message>
        <source>Add %1 references</source>
        <translation>%1 Referenzen hinzufügen</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Remove %1 references</source>
        <translation>%1 Referenzen entfernen</translation>
    </message>
    <message>
        <source>Reorder references</source>
        <translation>Referenzen umordnen</translation>
    </message>
    <message>
        <source>Strength of %1</source>
        <translation>Stärke von %1</translation>
    </message>
    <message>
        <source>Range of %1</source>
        <translation>Bereich von %1</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>%1 stummschalten</translation>
    </message>
    <message>
        <source>Unmute %1</source>
        <translation>%1 nicht mehr stumm</translation>
    </message>
    <message>
        <source>Role of %1</source>
        <translation>Rolle von %1</translation>
    </message>
    <message>
        <source>Blocks of %1</source>
        <translation>Blöcke von %1</translation>
    </message>
    <message>
        <source>Mask of %1</source>
        <translation>Maske von %1</translation>
    </message>
    <message>
        <source>What is looked at of %1</source>
        <translation>Betrachteter Teil von %1</translation>
    </message>
    <message>
        <source>Settings of %1</source>
        <translation>Einstellungen von %1</translation>
    </message>
    <message>
        <source>End solo</source>
        <translation>Solo beenden</translation>
    </message>
    <message>
        <source>Solo %1</source>
        <translation>Solo für %1</translation>
    </message>
    <message>
        <source>Settings of references</source>
        <translation>Einstellungen der Referenzen</translation>
    </message>
    <message>
        <source>Open another model</source>
        <translation>Anderes Modell öffnen</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativer Prompt</translation>
    </message>
    <message>
        <source>Master strength</source>
        <translation>Gesamtstärke</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Führung</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Number of pictures</source>
        <translation>Anzahl der Bilder</translation>
    </message>
    <message>
        <source>Combine</source>
        <translation>Mischung</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings and references</source>
        <translation>Einstellungen und Referenzen</translation>
    </message>
    <message>
        <source>Lock the seed</source>
        <translation>Startwert festhalten</translation>
    </message>
    <message>
        <source>Unlock the seed</source>
        <translation>Startwert freigeben</translation>
    </message>
    <message>
        <source>Share made anew</source>
        <translation>Anteil, der neu entsteht</translation>
    </message>
    <message>
        <source>Picture to begin from</source>
        <translation>Ausgangsbild</translation>
    </message>
    <message>
        <source>Add %1 files</source>
        <translation>%1 Dateien hinzufügen</translation>
    </message>
    <message>
        <source>Remove %1 files</source>
        <translation>%1 Dateien entfernen</translation>
    </message>
    <message>
        <source>Reorder LoRAs</source>
        <translation>LoRAs umordnen</translation>
    </message>
    <message>
        <source>Learned word</source>
        <translation>Gelerntes Wort</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>Guidance rescale</source>
        <translation>Führung angleichen</translation>
    </message>
    <message>
        <source>Skipped layers</source>
        <translation>Übersprungene Schichten</translation>
    </message>
    <message>
        <source>Prompt syntax</source>
        <translation>Prompt-Schreibweise</translation>
    </message>
    <message>
        <source>Second prompt</source>
        <translation>Zweiter Prompt</translation>
    </message>
    <message>
        <source>Second negative prompt</source>
        <translation>Zweiter negativer Prompt</translation>
    </message>
    <message>
        <source>Sizes told</source>
        <translation>Genannte Größen</translation>
    </message>
    <message>
        <source>Guided steps</source>
        <translation>Geführte Schritte</translation>
    </message>
    <message>
        <source>Add %1 pictures to learn from</source>
        <translation>%1 Bilder zum Lernen hinzufügen</translation>
    </message>
    <message>
        <source>Remove a picture to learn from</source>
        <translation>Ein Bild zum Lernen entfernen</translation>
    </message>
    <message>
        <source>Remove %1 pictures to learn from</source>
        <translation>%1 Bilder zum Lernen entfernen</translation>
    </message>
    <message>
        <source>Caption of %1</source>
        <translation>Bildtext von %1</translation>
    </message>
    <message>
        <source>Training settings</source>
        <translation>Einstellungen des Trainings</translation>
    </message>
    <message>
        <source>Refiner</source>
        <translation>Refiner</translation>
    </message>
    <message>
        <source>Share of the refiner</source>
        <translation>Anteil des Refiners</translation>
    </message>
    <message>
        <source>Adapter of %1</source>
        <translation>Adapter von %1</translation>
    </message>
</context>
<context>
    <name>likeness::ExampleCards</name>
    <message>
        <source>Takes the words and the references of this example and makes a picture; Ctrl+Z brings back what was there</source>
        <translation>Nimmt die Worte und Referenzen dieses Beispiels und erstellt ein Bild; Strg+Z holt zurück, was vorher da war</translation>
    </message>
</context>
<context>
    <name>likeness::ExportDialog</name>
    <message>
        <source>Keep the settings inside, so that they can come back</source>
        <translation>Einstellungen mitspeichern, damit sie zurückkommen können</translation>
    </message>
    <message>
        <source>Export a picture</source>
        <translation>Ein Bild exportieren</translation>
    </message>
    <message>
        <source>Export %1 pictures</source>
        <translation>%1 Bilder exportieren</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>TIFF</source>
        <translation>TIFF</translation>
    </message>
    <message>
        <source>WebP</source>
        <translation>WebP</translation>
    </message>
    <message>
        <source>OpenEXR, linear</source>
        <translation>OpenEXR, linear</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Where the files go</source>
        <translation>Wohin die Dateien kommen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>{prompt} {seed} {date} {model} {number} stand for the picture&apos;s own. A name that is taken gets a number.</source>
        <translation>{prompt} {seed} {date} {model} {number} stehen für die Angaben des Bilds. Ein vergebener Name bekommt eine Nummer.</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>PNG and TIFF keep every bit, OpenEXR is linear light</source>
        <translation>PNG und TIFF behalten jedes Bit, OpenEXR ist lineares Licht</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>1 to 100, of JPEG and WebP; 100 makes a WebP lossless</source>
        <translation>1 bis 100, für JPEG und WebP; mit 100 ist WebP verlustfrei</translation>
    </message>
    <message>
        <source>Longest side</source>
        <translation>Längste Seite</translation>
    </message>
    <message>
        <source>In pixels; 0 leaves the size as it is. Nothing is enlarged.</source>
        <translation>In Pixeln; 0 lässt die Größe, wie sie ist. Nichts wird vergrößert.</translation>
    </message>
    <message>
        <source>The request as JSON: prompt, seed, references&apos; paths. Off: the file holds pixels only.</source>
        <translation>Der Auftrag als JSON: Prompt, Startwert, Pfade der Referenzen. Aus: Die Datei enthält nur Pixel.</translation>
    </message>
    <message>
        <source>such as %1.%2</source>
        <translation>etwa %1.%2</translation>
    </message>
    <message>
        <source>Export into</source>
        <translation>Exportieren nach</translation>
    </message>
</context>
<context>
    <name>likeness::FineTuningPanel</name>
    <message>
        <source>Fine tuning</source>
        <translation>Feinheiten</translation>
    </message>
    <message>
        <source>Weighted</source>
        <translation>Gewichtet</translation>
    </message>
    <message>
        <source>prompt_syntax: weighted. Brackets and BREAK are marks</source>
        <translation>prompt_syntax: weighted. Klammern und BREAK sind Zeichen</translation>
    </message>
    <message>
        <source>Plain</source>
        <translation>Einfach</translation>
    </message>
    <message>
        <source>prompt_syntax: plain. Every character is read as it stands, and what is past 75 tokens is not</source>
        <translation>prompt_syntax: plain. Jedes Zeichen wird gelesen, wie es dasteht, und was nach 75 Token kommt, gar nicht</translation>
    </message>
    <message>
        <source>Prompt syntax</source>
        <translation>Prompt-Schreibweise</translation>
    </message>
    <message>
        <source>Skipped layers of the text encoder</source>
        <translation>Übersprungene Schichten des Textencoders</translation>
    </message>
    <message>
        <source>clip_skip: how many of the text encoder&apos;s last layers are not read</source>
        <translation>clip_skip: wie viele der letzten Schichten des Textencoders nicht gelesen werden</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Clip skip</source>
        <translation>Clip-Skip</translation>
    </message>
    <message>
        <source>Steps that are guided</source>
        <translation>Geführte Schritte</translation>
    </message>
    <message>
        <source>guidance_range: share of the steps in which guidance acts; the others are twice as fast. Double click: all of them</source>
        <translation>guidance_range: Anteil der Schritte, in denen die Führung wirkt; die anderen sind doppelt so schnell. Doppelklick: alle</translation>
    </message>
    <message>
        <source>%1–%2 %</source>
        <translation>%1–%2 %</translation>
    </message>
    <message>
        <source>Guidance rescale</source>
        <translation>Führung angleichen</translation>
    </message>
    <message>
        <source>guidance_rescale: takes back what strong guidance does to contrast. 0 nothing, 0.7 as usual for v-prediction models</source>
        <translation>guidance_rescale: nimmt zurück, was starke Führung am Kontrast ändert. 0 nichts, 0.7 wie bei Modellen mit v-Vorhersage üblich</translation>
    </message>
    <message>
        <source>Guided</source>
        <translation>Geführt</translation>
    </message>
    <message>
        <source>Rescale</source>
        <translation>Angleichen</translation>
    </message>
    <message>
        <source>SDXL is told what the picture was cut from. A small original makes it look enlarged, a crop cuts things off.</source>
        <translation>SDXL erfährt, woraus das Bild geschnitten wurde. Ein kleines Original lässt es vergrößert aussehen, ein Ausschnitt schneidet Dinge ab.</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>size the picture is said to come from</source>
        <translation>Größe, aus der das Bild angeblich stammt</translation>
    </message>
    <message>
        <source>Crop at</source>
        <translation>Ausschnitt ab</translation>
    </message>
    <message>
        <source>what is said to be cut off there</source>
        <translation>was dort angeblich abgeschnitten ist</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>size the picture is said to be made for</source>
        <translation>Größe, für die das Bild angeblich gemacht ist</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>top</source>
        <translation>oben</translation>
    </message>
    <message>
        <source>height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>As the picture is</source>
        <translation>Wie das Bild ist</translation>
    </message>
    <message>
        <source>%1 as the picture is</source>
        <translation>%1, wie das Bild ist</translation>
    </message>
    <message>
        <source>(word:1.2) counts 1.2 times, [word] 0.91 times; BREAK begins a new piece. Ctrl+Up and Ctrl+Down change what is selected.</source>
        <translation>(Wort:1.2) zählt 1,2-mal, [Wort] 0,91-mal; BREAK beginnt ein neues Stück. Strg+Auf und Strg+Ab ändern die Auswahl.</translation>
    </message>
    <message>
        <source>Brackets are read as they stand; past 75 tokens nothing is read.</source>
        <translation>Klammern werden gelesen, wie sie dastehen; nach 75 Token wird nichts gelesen.</translation>
    </message>
    <message>
        <source>%1 changed</source>
        <translation>%1 geändert</translation>
    </message>
</context>
<context>
    <name>likeness::GenerateBar</name>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Generieren</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Enter</translation>
    </message>
    <message>
        <source>Make a picture of these settings (Ctrl+Enter)</source>
        <translation>Ein Bild mit diesen Einstellungen erstellen (Strg+Enter)</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>Any change makes the picture again with the same seed, not only a change of strength. In the library it takes the place of the one before it, unless that was starred, chosen, used or exported.</source>
        <translation>Jede Änderung erstellt das Bild neu mit demselben Startwert, nicht nur eine der Stärke. In der Bibliothek tritt es an die Stelle des vorigen, außer das hat Sterne, wurde gewählt, verwendet oder exportiert.</translation>
    </message>
</context>
<context>
    <name>likeness::InfluencePanel</name>
    <message>
        <source>Influence</source>
        <translation>Einfluss</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Show the influence</source>
        <translation>Einfluss anzeigen</translation>
    </message>
    <message>
        <source>Make this picture once more and look where each reference acts</source>
        <translation>Dieses Bild noch einmal erstellen und sehen, wo jede Referenz wirkt</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Whose influence is shown</source>
        <translation>Wessen Einfluss gezeigt wird</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>The step that is shown; 0 is the mean over all</source>
        <translation>Der gezeigte Schritt; 0 ist das Mittel über alle</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>Wird ermittelt</translation>
    </message>
    <message>
        <source>Where each reference acts on the picture, from the attention. The picture is made once more for it.</source>
        <translation>Wo jede Referenz im Bild wirkt, aus der Attention. Das Bild wird dafür noch einmal erstellt.</translation>
    </message>
    <message>
        <source>Reference %1</source>
        <translation>Referenz %1</translation>
    </message>
</context>
<context>
    <name>likeness::InfluenceView</name>
    <message>
        <source>Influence of the reference on the picture</source>
        <translation>Einfluss der Referenz auf das Bild</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>likeness::InputPanel</name>
    <message>
        <source>Begin from</source>
        <translation>Beginnen mit</translation>
    </message>
    <message>
        <source>Shown picture</source>
        <translation>Gezeigtes Bild</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Choose a picture, drop one here, or take the shown one: it is made anew in part or as a whole.</source>
        <translation>Ein Bild wählen, hier ablegen oder das gezeigte nehmen: es entsteht zum Teil oder ganz neu.</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>Bild wählen</translation>
    </message>
    <message>
        <source>image: a picture to begin from instead of noise</source>
        <translation>image: ein Bild, mit dem statt mit Rauschen begonnen wird</translation>
    </message>
    <message>
        <source>image: begin from the picture on the canvas</source>
        <translation>image: mit dem Bild auf der Leinwand beginnen</translation>
    </message>
    <message>
        <source>Choose another picture</source>
        <translation>Ein anderes Bild wählen</translation>
    </message>
    <message>
        <source>Begin from noise again</source>
        <translation>Wieder mit Rauschen beginnen</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>strength: share of the steps that change the picture. 0.3 a touch, 0.8 much, 1 all</source>
        <translation>strength: Anteil der Schritte, die das Bild verändern. 0,3 ein wenig, 0,8 viel, 1 alles</translation>
    </message>
    <message>
        <source>mask: paint what is made anew; the rest stays as it is</source>
        <translation>mask: malen, was neu entsteht; der Rest bleibt, wie er ist</translation>
    </message>
    <message>
        <source>Remove the mask</source>
        <translation>Maske entfernen</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Wachsen</translation>
    </message>
    <message>
        <source>mask_grow: pixels of the result by which the painted part grows</source>
        <translation>mask_grow: um so viele Pixel des Ergebnisses wächst das Gemalte</translation>
    </message>
    <message>
        <source>Soft edge</source>
        <translation>Weicher Rand</translation>
    </message>
    <message>
        <source>mask_feather: pixels to both sides of the edge over which old and new are mixed</source>
        <translation>mask_feather: Pixel zu beiden Seiten des Rands, in denen sich Altes und Neues mischen</translation>
    </message>
    <message>
        <source>New canvas</source>
        <translation>Neuer Rand</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>a picture</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>is being read</source>
        <translation>wird gelesen</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>pad: new canvas at the left, in the picture&apos;s pixels</source>
        <translation>pad: neue Fläche links, in Pixeln des Bildes</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>pad: new canvas at the top, in the picture&apos;s pixels</source>
        <translation>pad: neue Fläche oben, in Pixeln des Bildes</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>pad: new canvas at the right, in the picture&apos;s pixels</source>
        <translation>pad: neue Fläche rechts, in Pixeln des Bildes</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>Unten</translation>
    </message>
    <message>
        <source>pad: new canvas at the bottom, in the picture&apos;s pixels</source>
        <translation>pad: neue Fläche unten, in Pixeln des Bildes</translation>
    </message>
    <message>
        <source>New canvas at the left</source>
        <translation>Neue Fläche links</translation>
    </message>
    <message>
        <source>New canvas at the top</source>
        <translation>Neue Fläche oben</translation>
    </message>
    <message>
        <source>New canvas at the right</source>
        <translation>Neue Fläche rechts</translation>
    </message>
    <message>
        <source>New canvas at the bottom</source>
        <translation>Neue Fläche unten</translation>
    </message>
</context>
<context>
    <name>likeness::KnownFiles</name>
    <message>
        <source>Made for %1, the open model is %2: left out</source>
        <translation>Für %1 gemacht, das offene Modell ist %2: bleibt weg</translation>
    </message>
    <message>
        <source>Made for a model of width %1, the open one has %2: left out</source>
        <translation>Für ein Modell der Breite %1 gemacht, das offene hat %2: bleibt weg</translation>
    </message>
</context>
<context>
    <name>likeness::LibraryPanel</name>
    <message>
        <source>Show only pictures with stars</source>
        <translation>Nur Bilder mit Sternen zeigen</translation>
    </message>
    <message>
        <source>Grid instead of one strip</source>
        <translation>Raster statt Streifen</translation>
    </message>
    <message>
        <source>More of the library</source>
        <translation>Mehr zur Bibliothek</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>Bibliothek durchsuchen</translation>
    </message>
    <message>
        <source>Search prompt, reference, model</source>
        <translation>Prompt, Referenz, Modell suchen</translation>
    </message>
    <message>
        <source>Words of the prompt, a reference&apos;s or a model&apos;s name, a seed, a date. Each of them must be there. Esc empties it.</source>
        <translation>Wörter des Prompts, Name einer Referenz oder eines Modells, Startwert, Datum. Jedes muss vorkommen. Esc leert das Feld.</translation>
    </message>
    <message>
        <source>Album</source>
        <translation>Album</translation>
    </message>
    <message>
        <source>All pictures, those of an album, or the trash</source>
        <translation>Alle Bilder, die eines Albums oder der Papierkorb</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Which pictures come first</source>
        <translation>Welche Bilder zuerst kommen</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>Most stars</source>
        <translation>Meiste Sterne</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>wird geöffnet</translation>
    </message>
    <message>
        <source>nothing made yet</source>
        <translation>noch nichts erstellt</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>nichts gefunden</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>%1 pictures</source>
        <translation>%1 Bilder</translation>
    </message>
    <message>
        <source>%1 pictures in the trash</source>
        <translation>%1 Bilder im Papierkorb</translation>
    </message>
    <message>
        <source>%1 pictures found</source>
        <translation>%1 Bilder gefunden</translation>
    </message>
    <message>
        <source>All pictures</source>
        <translation>Alle Bilder</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>Papierkorb</translation>
    </message>
    <message>
        <source>Trash (%1)</source>
        <translation>Papierkorb (%1)</translation>
    </message>
    <message>
        <source>With or without stars</source>
        <translation>Mit und ohne Sterne</translation>
    </message>
    <message>
        <source>1 star or more</source>
        <translation>Ab 1 Stern</translation>
    </message>
    <message>
        <source>%1 stars</source>
        <translation>%1 Sterne</translation>
    </message>
    <message>
        <source>%1 stars or more</source>
        <translation>Ab %1 Sternen</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alle auswählen</translation>
    </message>
    <message>
        <source>Look through the folder again</source>
        <translation>Ordner neu durchsehen</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>Ordner anzeigen</translation>
    </message>
    <message>
        <source>Empty the trash</source>
        <translation>Papierkorb leeren</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>Einstellungen übernehmen</translation>
    </message>
    <message>
        <source>Use as a reference</source>
        <translation>Als Referenz verwenden</translation>
    </message>
    <message>
        <source>Use as references</source>
        <translation>Als Referenzen verwenden</translation>
    </message>
    <message>
        <source>Stars</source>
        <translation>Sterne</translation>
    </message>
    <message>
        <source>None (key 0)</source>
        <translation>Keine (Taste 0)</translation>
    </message>
    <message>
        <source>1 star (key 1)</source>
        <translation>1 Stern (Taste 1)</translation>
    </message>
    <message>
        <source>%1 stars (key %1)</source>
        <translation>%1 Sterne (Taste %1)</translation>
    </message>
    <message>
        <source>Albums</source>
        <translation>Alben</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Speichern unter</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export %1 pictures</source>
        <translation>%1 Bilder exportieren</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>Im Ordner anzeigen</translation>
    </message>
    <message>
        <source>Restore from the trash</source>
        <translation>Aus dem Papierkorb holen</translation>
    </message>
    <message>
        <source>Move to the trash (Delete)</source>
        <translation>In den Papierkorb (Entf)</translation>
    </message>
    <message>
        <source>Add to %1</source>
        <translation>Zu %1 hinzufügen</translation>
    </message>
    <message>
        <source>Add to another album</source>
        <translation>Zu anderem Album hinzufügen</translation>
    </message>
    <message>
        <source>Take out of %1</source>
        <translation>Aus %1 entfernen</translation>
    </message>
    <message>
        <source>Add to an album</source>
        <translation>Zu einem Album hinzufügen</translation>
    </message>
    <message>
        <source>The album&apos;s name</source>
        <translation>Name des Albums</translation>
    </message>
    <message>
        <source>1 picture will be removed for good, with its settings.</source>
        <translation>1 Bild wird mit seinen Einstellungen endgültig gelöscht.</translation>
    </message>
    <message>
        <source>%1 pictures will be removed for good, with their settings.</source>
        <translation>%1 Bilder werden mit ihren Einstellungen endgültig gelöscht.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Every picture you make is kept here</source>
        <translation>Hier wird jedes erstellte Bild aufbewahrt</translation>
    </message>
    <message>
        <source>The trash is empty</source>
        <translation>Der Papierkorb ist leer</translation>
    </message>
    <message>
        <source>No picture is like that. Esc in the search field empties it</source>
        <translation>Kein Bild passt dazu. Esc im Suchfeld leert es</translation>
    </message>
    <message>
        <source>Train on this picture</source>
        <translation>Mit diesem Bild trainieren</translation>
    </message>
    <message>
        <source>Train on these %1</source>
        <translation>Mit diesen %1 trainieren</translation>
    </message>
</context>
<context>
    <name>likeness::LoraCard</name>
    <message>
        <source>Open: its factors by block</source>
        <translation>Öffnen: die Faktoren nach Block</translation>
    </message>
    <message>
        <source>Mute: the picture is made without this LoRA</source>
        <translation>Stumm: Das Bild entsteht ohne diese LoRA</translation>
    </message>
    <message>
        <source>Remove this LoRA</source>
        <translation>Diese LoRA entfernen</translation>
    </message>
    <message>
        <source>Factor of the chosen block</source>
        <translation>Faktor des gewählten Blocks</translation>
    </message>
    <message>
        <source>block_scales: factor of the chosen block, 0 to 2</source>
        <translation>block_scales: Faktor des gewählten Blocks, 0 bis 2</translation>
    </message>
    <message>
        <source>known when the model is open</source>
        <translation>bekannt, wenn das Modell offen ist</translation>
    </message>
    <message>
        <source>%1.
Alt+Up and Alt+Down move the card</source>
        <translation>%1.
Alt+Auf und Alt+Ab verschieben die Karte</translation>
    </message>
    <message>
        <source>LoRA %1</source>
        <translation>LoRA %1</translation>
    </message>
    <message>
        <source>Factors of %1 by block</source>
        <translation>Faktoren von %1 nach Block</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>%1 stummschalten</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Strength of %1</source>
        <translation>Stärke von %1</translation>
    </message>
    <message>
        <source>lora_scale: how strongly this LoRA counts.
0 without it, 1 as trained, below 0 the contrary. Double click: %1</source>
        <translation>lora_scale: wie stark diese LoRA zählt.
0 ohne sie, 1 wie trainiert, unter 0 das Gegenteil. Doppelklick: %1</translation>
    </message>
    <message>
        <source>Put %1 into the prompt</source>
        <translation>%1 in den Prompt setzen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>likeness::LossPlot</name>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>loss: how far the model&apos;s guess of the noise is off; what counts is that the bold line falls.
Dots: the same on pictures it does not learn from. Faint line: learning_rate</source>
        <translation>loss: wie weit das Modell beim Raten des Rauschens danebenliegt; es zählt, dass die kräftige Linie fällt.
Punkte: dasselbe an Bildern, aus denen es nicht lernt. Feine Linie: learning_rate</translation>
    </message>
    <message>
        <source>%1 at step %2</source>
        <translation>%1 bei Schritt %2</translation>
    </message>
    <message>
        <source>The loss is drawn here, step by step</source>
        <translation>Hier wird der Verlust gezeichnet, Schritt für Schritt</translation>
    </message>
</context>
<context>
    <name>likeness::MainWindow</name>
    <message>
        <source>Likeness</source>
        <translation>Likeness</translation>
    </message>
    <message>
        <source>Add references (Ctrl+R)</source>
        <translation>Referenzen hinzufügen (Strg+R)</translation>
    </message>
    <message>
        <source>References</source>
        <translation>Referenzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Add references</source>
        <translation>Referenzen hinzufügen</translation>
    </message>
    <message>
        <source>Pictures %1</source>
        <translation>Bilder %1</translation>
    </message>
    <message>
        <source>Open a model folder (diffusers layout)</source>
        <translation>Modellordner öffnen (diffusers-Aufbau)</translation>
    </message>
    <message>
        <source>Open a picture&apos;s settings</source>
        <translation>Einstellungen eines Bilds öffnen</translation>
    </message>
    <message>
        <source>There is no picture to save yet</source>
        <translation>Es gibt noch kein Bild zum Speichern</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.tif *.exr *.webp)</source>
        <translation>Bilder (*.png *.jpg *.tif *.exr *.webp)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>&amp;Einpassen</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Sharp pixels</source>
        <translation>&amp;Scharfe Pixel</translation>
    </message>
    <message>
        <source>&amp;Hide or show all panels</source>
        <translation>&amp;Bedienfelder aus- oder einblenden</translation>
    </message>
    <message>
        <source>Around the picture</source>
        <translation>Um das Bild</translation>
    </message>
    <message>
        <source>As the theme</source>
        <translation>Wie das Farbschema</translation>
    </message>
    <message>
        <source>Middle grey</source>
        <translation>Mittelgrau</translation>
    </message>
    <message>
        <source>White</source>
        <translation>Weiß</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open a picture&apos;s settings</source>
        <translation>&amp;Einstellungen eines Bilds öffnen</translation>
    </message>
    <message>
        <source>Save the &amp;picture as</source>
        <translation>Bild s&amp;peichern unter</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xportieren</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Reference</source>
        <translation>&amp;Referenz</translation>
    </message>
    <message>
        <source>&amp;Add pictures</source>
        <translation>Bilder &amp;hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>&amp;Remove all</source>
        <translation>&amp;Alle entfernen</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>&amp;Generieren</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Stopp</translation>
    </message>
    <message>
        <source>Nine &amp;variations of the picture</source>
        <translation>Neun &amp;Variationen des Bilds</translation>
    </message>
    <message>
        <source>&amp;Pause or resume the queue</source>
        <translation>&amp;Warteschlange anhalten oder fortsetzen</translation>
    </message>
    <message>
        <source>Another s&amp;eed</source>
        <translation>&amp;Neuer Startwert</translation>
    </message>
    <message>
        <source>&amp;Lock or unlock the seed</source>
        <translation>Startwert &amp;festhalten oder freigeben</translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation>Bib&amp;liothek</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>&amp;Grid or strip</source>
        <translation>&amp;Raster oder Streifen</translation>
    </message>
    <message>
        <source>&amp;Look through the folder again</source>
        <translation>&amp;Ordner neu durchsehen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;Preferences</source>
        <translation>&amp;Voreinstellungen</translation>
    </message>
    <message>
        <source>Show the &amp;log</source>
        <translation>&amp;Protokoll anzeigen</translation>
    </message>
    <message>
        <source>&amp;About Likeness</source>
        <translation>&amp;Über Likeness</translation>
    </message>
    <message>
        <source>%1 references are the most</source>
        <translation>Höchstens %1 Referenzen</translation>
    </message>
    <message>
        <source>Release to add as reference %1</source>
        <translation>Loslassen, um als Referenz %1 hinzuzufügen</translation>
    </message>
    <message>
        <source>There is no picture to paste</source>
        <translation>In der Zwischenablage ist kein Bild</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo: %1</source>
        <translation>&amp;Rückgängig: %1</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo: %1</source>
        <translation>&amp;Wiederholen: %1</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Redone: %1</source>
        <translation>Wiederholt: %1</translation>
    </message>
    <message>
        <source>There is no picture to export yet</source>
        <translation>Es gibt noch kein Bild zum Exportieren</translation>
    </message>
    <message>
        <source>Sets of references</source>
        <translation>Sätze von Referenzen</translation>
    </message>
    <message>
        <source>Save these references as a set</source>
        <translation>Diese Referenzen als Satz speichern</translation>
    </message>
    <message>
        <source>Sets</source>
        <translation>Sätze</translation>
    </message>
    <message>
        <source>Move a set to the trash</source>
        <translation>Satz in den Papierkorb</translation>
    </message>
    <message>
        <source>Remove all references</source>
        <translation>Alle Referenzen entfernen</translation>
    </message>
    <message>
        <source>Save the references as a set</source>
        <translation>Referenzen als Satz speichern</translation>
    </message>
    <message>
        <source>Name; a set of that name is replaced</source>
        <translation>Name; ein Satz dieses Namens wird ersetzt</translation>
    </message>
    <message>
        <source>The set was not saved</source>
        <translation>Der Satz wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Generieren</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>The picture appears here: press Generate, or Ctrl+Enter</source>
        <translation>Hier erscheint das Bild: Generieren drücken oder Strg+Enter</translation>
    </message>
    <message>
        <source>&amp;Sample pictures</source>
        <translation>&amp;Musterbilder</translation>
    </message>
    <message>
        <source>E&amp;xamples</source>
        <translation>&amp;Beispiele</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Muster</translation>
    </message>
    <message>
        <source>Sample pictures that come with the model (Ctrl+Shift+R)</source>
        <translation>Musterbilder, die mit dem Modell kommen (Strg+Umschalt+R)</translation>
    </message>
    <message>
        <source>Choose a picture to begin from</source>
        <translation>Ausgangsbild wählen</translation>
    </message>
    <message>
        <source>Open a &amp;model</source>
        <translation>Ein &amp;Modell öffnen</translation>
    </message>
    <message>
        <source>Open a model &amp;folder</source>
        <translation>Einen Modell&amp;ordner öffnen</translation>
    </message>
    <message>
        <source>Bro&amp;wse all models</source>
        <translation>Alle Modelle d&amp;urchsehen</translation>
    </message>
    <message>
        <source>Add &amp;LoRAs and learned words</source>
        <translation>&amp;LoRAs und gelernte Wörter hinzufügen</translation>
    </message>
    <message>
        <source>Weights %1</source>
        <translation>Gewichte %1</translation>
    </message>
    <message>
        <source>Choose a VAE</source>
        <translation>Ein VAE wählen</translation>
    </message>
    <message>
        <source>Choose an IP-Adapter</source>
        <translation>Einen IP-Adapter wählen</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Ein Modell öffnen</translation>
    </message>
    <message>
        <source>Models %1</source>
        <translation>Modelle %1</translation>
    </message>
    <message>
        <source>Add LoRAs and learned words</source>
        <translation>LoRAs und gelernte Wörter hinzufügen</translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>%1 verwenden</translation>
    </message>
    <message>
        <source>%1 is used</source>
        <translation>%1 wird verwendet</translation>
    </message>
    <message>
        <source>%1 is used already, or there is no room</source>
        <translation>%1 wird schon verwendet, oder es ist kein Platz</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Fixed while the training runs</source>
        <translation>Fest, solange das Training läuft</translation>
    </message>
    <message>
        <source>Release to learn from these</source>
        <translation>Loslassen, um daraus zu lernen</translation>
    </message>
    <message>
        <source>&amp;Train on these pictures</source>
        <translation>Mit diesen Bildern &amp;trainieren</translation>
    </message>
    <message>
        <source>&amp;Which way to take</source>
        <translation>&amp;Welcher Weg passt</translation>
    </message>
    <message>
        <source>Train on this reference</source>
        <translation>Mit dieser Referenz trainieren</translation>
    </message>
    <message>
        <source>Train on these %1 references</source>
        <translation>Mit diesen %1 Referenzen trainieren</translation>
    </message>
    <message>
        <source>Image prompt, LoRA or DreamBooth?</source>
        <translation>Bild-Prompt, LoRA oder DreamBooth?</translation>
    </message>
    <message>
        <source>Train on this picture</source>
        <translation>Mit diesem Bild trainieren</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Choose an SDXL refiner</source>
        <translation>Einen SDXL-Refiner wählen</translation>
    </message>
    <message>
        <source>Choose an SDXL refiner&apos;s folder</source>
        <translation>Den Ordner eines SDXL-Refiners wählen</translation>
    </message>
</context>
<context>
    <name>likeness::MaskEditor</name>
    <message>
        <source>Mask brush</source>
        <translation>Maskenpinsel</translation>
    </message>
</context>
<context>
    <name>likeness::MethodAnswers</name>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>No time: the next picture is wanted</source>
        <translation>Keine Zeit: das nächste Bild soll kommen</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15 min</translation>
    </message>
    <message>
        <source>A quarter of an hour for training</source>
        <translation>Eine Viertelstunde für das Training</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 h</translation>
    </message>
    <message>
        <source>An hour for training</source>
        <translation>Eine Stunde für das Training</translation>
    </message>
    <message>
        <source>Night</source>
        <translation>Nacht</translation>
    </message>
    <message>
        <source>A night, eight hours, for training</source>
        <translation>Eine Nacht, acht Stunden, für das Training</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Gesicht</translation>
    </message>
    <message>
        <source>A face must stay the same</source>
        <translation>Ein Gesicht muss gleich bleiben</translation>
    </message>
    <message>
        <source>Thing</source>
        <translation>Ding</translation>
    </message>
    <message>
        <source>A product or another thing must stay the same</source>
        <translation>Ein Produkt oder anderes Ding muss gleich bleiben</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>The look must stay the same, on any subject</source>
        <translation>Der Stil muss gleich bleiben, bei jedem Motiv</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Thing and look must stay the same</source>
        <translation>Ding und Stil müssen gleich bleiben</translation>
    </message>
    <message>
        <source>Time for it</source>
        <translation>Zeit dafür</translation>
    </message>
    <message>
        <source>What must stay the same</source>
        <translation>Was gleich bleiben muss</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Gleich</translation>
    </message>
</context>
<context>
    <name>likeness::MethodCards</name>
    <message>
        <source>1–10 pictures, at once</source>
        <translation>1–10 Bilder, sofort</translation>
    </message>
    <message>
        <source>Trains nothing. The pictures speak through the adapter. Best for a look or a single thing.</source>
        <translation>Trainiert nichts. Die Bilder wirken durch den Adapter. Am besten für einen Stil oder eine einzelne Sache.</translation>
    </message>
    <message>
        <source>10–50 pictures, about an hour</source>
        <translation>10–50 Bilder, etwa eine Stunde</translation>
    </message>
    <message>
        <source>Learns the thing by name in a small file beside the model. Turn it up, down or off later.</source>
        <translation>Lernt die Sache mit Namen in einer kleinen Datei neben dem Modell. Später stärker, schwächer oder aus.</translation>
    </message>
    <message>
        <source>100 or more pictures, a night</source>
        <translation>100 oder mehr Bilder, eine Nacht</translation>
    </message>
    <message>
        <source>Teaches the whole model. Closest likeness, largest file, hardest to undo.</source>
        <translation>Lehrt das ganze Modell. Größte Ähnlichkeit, größte Datei, am schwersten zurückzunehmen.</translation>
    </message>
    <message>
        <source>Way to a likeness</source>
        <translation>Weg zur Ähnlichkeit</translation>
    </message>
    <message>
        <source>Image prompt</source>
        <translation>Bild-Prompt</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>DreamBooth</source>
        <translation>DreamBooth</translation>
    </message>
</context>
<context>
    <name>likeness::MethodChoice</name>
    <message>
        <source>Image prompt</source>
        <translation>Bild-Prompt</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>DreamBooth</source>
        <translation>DreamBooth</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Measure it here</source>
        <translation>Hier messen</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Which way to take</source>
        <translation>Welcher Weg passt</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>Takes ten trial steps of each training with some of the pictures; nothing is kept</source>
        <translation>Macht zehn Probeschritte jedes Trainings mit einigen der Bilder; nichts wird behalten</translation>
    </message>
    <message>
        <source>Why this way, and why not the others</source>
        <translation>Warum dieser Weg und nicht die anderen</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>%1 pictures</source>
        <translation>%1 Bilder</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Misst</translation>
    </message>
    <message>
        <source>Use them as references</source>
        <translation>Als Referenzen verwenden</translation>
    </message>
    <message>
        <source>Train a LoRA of these %1</source>
        <translation>LoRA aus diesen %1</translation>
    </message>
    <message>
        <source>Train DreamBooth on these %1</source>
        <translation>DreamBooth mit diesen %1</translation>
    </message>
</context>
<context>
    <name>likeness::ModelLibrary</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>IP-Adapter</source>
        <translation>IP-Adapter</translation>
    </message>
    <message>
        <source>Image encoder</source>
        <translation>Bildkodierer</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>Preview VAE</source>
        <translation>Vorschau-VAE</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Learned word</source>
        <translation>Gelerntes Wort</translation>
    </message>
    <message>
        <source>Old pickle</source>
        <translation>Alter Pickle</translation>
    </message>
    <message>
        <source>Another file</source>
        <translation>Andere Datei</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
    <message>
        <source>%1, cannot be used: %2</source>
        <translation>%1, nicht verwendbar: %2</translation>
    </message>
    <message>
        <source>The list of folders was not kept</source>
        <translation>Die Liste der Ordner wurde nicht behalten</translation>
    </message>
    <message>
        <source>Copies were not looked for</source>
        <translation>Nach Kopien wurde nicht gesucht</translation>
    </message>
</context>
<context>
    <name>likeness::ModelPanel</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>A full model: open an SD 1.5 or SDXL model, a file or a diffusers folder, drop it on the window, or name the folder of all your models in the preferences (Ctrl+,).</source>
        <translation>Ein volles Modell: ein Modell für SD 1.5 oder SDXL öffnen, als Datei oder diffusers-Ordner, es auf das Fenster ziehen oder den Ordner aller Modelle in den Voreinstellungen nennen (Strg+,).</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>vae: makes the picture of the latents; the model&apos;s own, or that of a file</source>
        <translation>vae: macht das Bild aus den latenten Werten; das des Modells oder das einer Datei</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>ip_adapter: lets references act; the model&apos;s own, or that of a file</source>
        <translation>ip_adapter: lässt Referenzen wirken; der des Modells oder der einer Datei</translation>
    </message>
    <message>
        <source>model: an installed name, a diffusers folder or a single file</source>
        <translation>model: ein installierter Name, ein diffusers-Ordner oder eine einzelne Datei</translation>
    </message>
    <message>
        <source>Open a model: a file or a diffusers folder</source>
        <translation>Ein Modell öffnen: eine Datei oder ein diffusers-Ordner</translation>
    </message>
    <message>
        <source>A file (.safetensors, .ckpt)</source>
        <translation>Eine Datei (.safetensors, .ckpt)</translation>
    </message>
    <message>
        <source>A folder (diffusers)</source>
        <translation>Ein Ordner (diffusers)</translation>
    </message>
    <message>
        <source>The model&apos;s own</source>
        <translation>Vom Modell selbst</translation>
    </message>
    <message>
        <source>Choose a file: %1</source>
        <translation>Eine Datei wählen: %1</translation>
    </message>
    <message>
        <source>Refiner</source>
        <translation>Refiner</translation>
    </message>
    <message>
        <source>refiner: an SDXL model that does the last steps, for finer detail</source>
        <translation>refiner: ein SDXL-Modell, das die letzten Schritte macht, für feinere Details</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>Refiner takes over at</source>
        <translation>Refiner übernimmt bei</translation>
    </message>
    <message>
        <source>refiner.switch_at: the share of the way after which the refiner takes over</source>
        <translation>refiner.switch_at: der Anteil des Weges, nach dem der Refiner übernimmt</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Ab</translation>
    </message>
</context>
<context>
    <name>likeness::ModelsSheet</name>
    <message>
        <source>Comes with its adapter</source>
        <translation>Kommt mit seinem Adapter</translation>
    </message>
    <message>
        <source>Previews use it where it lies beside a model</source>
        <translation>Vorschauen verwenden es, wo es neben einem Modell liegt</translation>
    </message>
    <message>
        <source>Nothing here can be used by itself</source>
        <translation>Davon ist nichts für sich zu verwenden</translation>
    </message>
    <message>
        <source>An old pickle: likeness models convert makes a file of it that can be told</source>
        <translation>Ein alter Pickle: likeness models convert macht daraus eine Datei, die sich erkennen lässt</translation>
    </message>
    <message>
        <source>Opens this model</source>
        <translation>Öffnet dieses Modell</translation>
    </message>
    <message>
        <source>Adds it to the open model</source>
        <translation>Fügt es dem offenen Modell hinzu</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Enter or a double click uses it</source>
        <translation>Eingabe oder ein Doppelklick verwendet es</translation>
    </message>
    <message>
        <source>Search the models</source>
        <translation>Modelle durchsuchen</translation>
    </message>
    <message>
        <source>Search name, family, word</source>
        <translation>Name, Familie, Wort suchen</translation>
    </message>
    <message>
        <source>Words of a name, a family (sdxl), a licence or a trigger word. Each of them must be there.</source>
        <translation>Wörter eines Namens, eine Familie (sdxl), eine Lizenz oder ein Auslösewort. Jedes davon muss vorkommen.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Only one kind of file</source>
        <translation>Nur eine Art von Dateien</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Alle Arten</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Where models are looked for; nothing in these folders is changed</source>
        <translation>Wo nach Modellen gesucht wird; in diesen Ordnern wird nichts verändert</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>1 found</source>
        <translation>1 gefunden</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>%1 gefunden</translation>
    </message>
    <message>
        <source>Looking for copies: %1 of %2 files read</source>
        <translation>Suche nach Kopien: %1 von %2 Dateien gelesen</translation>
    </message>
    <message>
        <source>Looking through the folders: %1</source>
        <translation>Ordner werden durchgesehen: %1</translation>
    </message>
    <message>
        <source>Not looked through yet</source>
        <translation>Noch nicht durchgesehen</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>Nothing found. Add the folder where your models are.</source>
        <translation>Nichts gefunden. Den Ordner hinzufügen, in dem die Modelle liegen.</translation>
    </message>
    <message>
        <source>Choose one to see what it goes with</source>
        <translation>Eines wählen, um zu sehen, wozu es passt</translation>
    </message>
    <message>
        <source>%1, licence %2</source>
        <translation>%1, Lizenz %2</translation>
    </message>
    <message>
        <source>with the words %1</source>
        <translation>mit den Wörtern %1</translation>
    </message>
    <message>
        <source>the same as %1</source>
        <translation>dasselbe wie %1</translation>
    </message>
    <message>
        <source>Add a folder of models</source>
        <translation>Einen Ordner mit Modellen hinzufügen</translation>
    </message>
    <message>
        <source>Look through the folders again</source>
        <translation>Ordner neu durchsehen</translation>
    </message>
    <message>
        <source>Look for copies (reads every file)</source>
        <translation>Nach Kopien suchen (liest jede Datei)</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Take it off the list</source>
        <translation>Von der Liste nehmen</translation>
    </message>
</context>
<context>
    <name>likeness::NoticeList</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Open another model</source>
        <translation>Anderes Modell öffnen</translation>
    </message>
    <message>
        <source>Save elsewhere</source>
        <translation>Woanders speichern</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Don&apos;t restore</source>
        <translation>Nicht wiederherstellen</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>Hinweis schließen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Make it smaller</source>
        <translation>Kleiner erstellen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Train a LoRA of these</source>
        <translation>Eine LoRA aus diesen trainieren</translation>
    </message>
    <message>
        <source>Find their folder</source>
        <translation>Ihren Ordner suchen</translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation>Weglassen</translation>
    </message>
</context>
<context>
    <name>likeness::NumbersPanel</name>
    <message>
        <source>Numbers</source>
        <translation>Messwerte</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Similarity to the references and agreement with the prompt, from the encoders already loaded</source>
        <translation>Ähnlichkeit mit den Referenzen und Übereinstimmung mit dem Prompt, aus den schon geladenen Encodern</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Wird gemessen</translation>
    </message>
    <message>
        <source>How near each picture is to the references and to the prompt.</source>
        <translation>Wie nah jedes Bild den Referenzen und dem Prompt ist.</translation>
    </message>
    <message>
        <source>Similarity alone: %1</source>
        <translation>Nur Ähnlichkeit: %1</translation>
    </message>
    <message>
        <source>Agreement with prompt</source>
        <translation>Übereinstimmung mit Prompt</translation>
    </message>
    <message>
        <source>Pictures in their order</source>
        <translation>Bilder in ihrer Reihenfolge</translation>
    </message>
    <message>
        <source>Similarity to references</source>
        <translation>Ähnlichkeit mit Referenzen</translation>
    </message>
    <message>
        <source>A %1</source>
        <translation>A %1</translation>
    </message>
    <message>
        <source>B %1</source>
        <translation>B %1</translation>
    </message>
    <message>
        <source>Similarity</source>
        <translation>Ähnlichkeit</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
</context>
<context>
    <name>likeness::PictureDifference</name>
    <message>
        <source>Both pictures have to be finished</source>
        <translation>Beide Bilder müssen fertig sein</translation>
    </message>
    <message>
        <source>They have different sizes: %1 x %2 and %3 x %4</source>
        <translation>Ihre Größen sind verschieden: %1 x %2 und %3 x %4</translation>
    </message>
    <message>
        <source>Memory ran out</source>
        <translation>Der Speicher reicht nicht</translation>
    </message>
</context>
<context>
    <name>likeness::PictureFiles</name>
    <message>
        <source>picture %1</source>
        <translation>Bild %1</translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation>Startwert %1</translation>
    </message>
    <message>
        <source>the mask %1</source>
        <translation>Die Maske %1</translation>
    </message>
    <message>
        <source>the dropped picture</source>
        <translation>Das abgelegte Bild</translation>
    </message>
    <message>
        <source>it lies on another computer, and nothing is fetched from a network. Save it here first.</source>
        <translation>Es liegt auf einem anderen Rechner, und aus dem Netz wird nichts geholt. Zuerst hier speichern.</translation>
    </message>
    <message>
        <source>%1 more files</source>
        <translation>%1 weitere Dateien</translation>
    </message>
    <message>
        <source>at most %1 are taken at once.</source>
        <translation>Höchstens %1 werden auf einmal genommen.</translation>
    </message>
    <message>
        <source>the pasted picture</source>
        <translation>Das eingefügte Bild</translation>
    </message>
</context>
<context>
    <name>likeness::PictureLibrary</name>
    <message>
        <source>The library in %1 was not opened</source>
        <translation>Die Bibliothek in %1 wurde nicht geöffnet</translation>
    </message>
    <message>
        <source>Pictures are made all the same and stay in memory.</source>
        <translation>Bilder werden trotzdem erstellt und bleiben im Speicher.</translation>
    </message>
    <message>
        <source>Not everything in the library could be read</source>
        <translation>Nicht alles in der Bibliothek war lesbar</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>not on the disk</source>
        <translation>nicht auf dem Datenträger</translation>
    </message>
    <message>
        <source>1 star</source>
        <translation>1 Stern</translation>
    </message>
    <message>
        <source>%1 stars</source>
        <translation>%1 Sterne</translation>
    </message>
    <message>
        <source>Picture of %1</source>
        <translation>Bild vom %1</translation>
    </message>
    <message>
        <source>seed %1, %2 x %3</source>
        <translation>Startwert %1, %2 x %3</translation>
    </message>
    <message>
        <source>The library was not searched</source>
        <translation>Die Bibliothek wurde nicht durchsucht</translation>
    </message>
    <message>
        <source>The stars were not kept</source>
        <translation>Die Sterne wurden nicht gespeichert</translation>
    </message>
    <message>
        <source>The pictures were not put into the album %1</source>
        <translation>Die Bilder kamen nicht in das Album %1</translation>
    </message>
    <message>
        <source>The pictures were not taken out of the album %1</source>
        <translation>Die Bilder wurden nicht aus dem Album %1 entfernt</translation>
    </message>
    <message>
        <source>Not all pictures were moved to the trash</source>
        <translation>Nicht alle Bilder kamen in den Papierkorb</translation>
    </message>
    <message>
        <source>Not all pictures came back from the trash</source>
        <translation>Nicht alle Bilder kamen aus dem Papierkorb zurück</translation>
    </message>
    <message>
        <source>The trash was not emptied</source>
        <translation>Der Papierkorb wurde nicht geleert</translation>
    </message>
    <message>
        <source>A picture that was replaced is still there</source>
        <translation>Ein ersetztes Bild ist noch da</translation>
    </message>
</context>
<context>
    <name>likeness::PictureQueue</name>
    <message>
        <source>The queue is not kept on disk</source>
        <translation>Die Warteschlange wird nicht auf dem Datenträger gehalten</translation>
    </message>
    <message>
        <source>It goes on, but would not outlive the program.</source>
        <translation>Sie läuft weiter, ginge aber mit dem Programm verloren.</translation>
    </message>
    <message>
        <source>No prompt</source>
        <translation>Kein Prompt</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>%1 pictures</source>
        <translation>%1 Bilder</translation>
    </message>
    <message>
        <source>, %1 s</source>
        <translation>, %1 s</translation>
    </message>
    <message>
        <source>Not made: %1</source>
        <translation>Nicht erstellt: %1</translation>
    </message>
    <message>
        <source>Ladder, %1 rungs</source>
        <translation>Reihe, %1 Stufen</translation>
    </message>
    <message>
        <source>Sheet %1 x %2</source>
        <translation>Bogen %1 × %2</translation>
    </message>
    <message>
        <source>%1 of %2 not made</source>
        <translation>%1 von %2 nicht erstellt</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>not made</source>
        <translation>nicht erstellt</translation>
    </message>
</context>
<context>
    <name>likeness::PictureTiles</name>
    <message>
        <source>Pictures of the library</source>
        <translation>Bilder der Bibliothek</translation>
    </message>
</context>
<context>
    <name>likeness::PictureView</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>Einstellungen übernehmen</translation>
    </message>
</context>
<context>
    <name>likeness::PreferencesWindow</name>
    <message>
        <source>Preferences</source>
        <translation>Voreinstellungen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>How the window looks</source>
        <translation>Wie das Fenster aussieht</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Counts from the next start on</source>
        <translation>Gilt ab dem nächsten Start</translation>
    </message>
    <message>
        <source>Best present</source>
        <translation>Das beste vorhandene</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>device: where pictures are computed</source>
        <translation>device: wo Bilder berechnet werden</translation>
    </message>
    <message>
        <source>Best for the device</source>
        <translation>Passend zum Gerät</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>dtype: float32 is exact and slower</source>
        <translation>dtype: float32 ist genau und langsamer</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>threads: of the processor; 0: all</source>
        <translation>threads: des Prozessors; 0: alle</translation>
    </message>
    <message>
        <source>0: all there are</source>
        <translation>0: alle vorhandenen</translation>
    </message>
    <message>
        <source>Model folders</source>
        <translation>Modellordner</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Add a folder of models</source>
        <translation>Ordner mit Modellen hinzufügen</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Choose the library&apos;s folder</source>
        <translation>Ordner der Bibliothek wählen</translation>
    </message>
    <message>
        <source>Where finished pictures are kept; counts from the next start on. What is there already stays where it is.</source>
        <translation>Wo fertige Bilder liegen; gilt ab dem nächsten Start. Was schon da ist, bleibt, wo es ist.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Where finished pictures are kept</source>
        <translation>Wo fertige Bilder liegen</translation>
    </message>
    <message>
        <source>The usual place</source>
        <translation>Der übliche Ort</translation>
    </message>
    <message>
        <source>Autosave</source>
        <translation>Autospeichern</translation>
    </message>
    <message>
        <source>Every edit is kept for the next start; the file of a project that was saved or opened changes with it, or waits for Ctrl+S</source>
        <translation>Jede Änderung bleibt für den nächsten Start erhalten; die Datei eines gespeicherten oder geöffneten Projekts ändert sich mit ihr oder wartet auf Strg+S</translation>
    </message>
    <message>
        <source>Every edit, for the next start</source>
        <translation>Jede Änderung, für den nächsten Start</translation>
    </message>
    <message>
        <source>The project&apos;s file too</source>
        <translation>Auch die Datei des Projekts</translation>
    </message>
    <message>
        <source>Folders of models, adapters and LoRAs; nothing in them is changed</source>
        <translation>Ordner mit Modellen, Adaptern und LoRAs; darin wird nichts verändert</translation>
    </message>
    <message>
        <source>Where your models, adapters and LoRAs lie, with all folders below. Nothing in them is changed.</source>
        <translation>Wo Modelle, Adapter und LoRAs liegen, mit allen Ordnern darunter. Darin wird nichts verändert.</translation>
    </message>
</context>
<context>
    <name>likeness::ProgressStrip</name>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Branch from here</source>
        <translation>Hier abzweigen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Stop what is being made. What is finished stays. (Esc)</source>
        <translation>Anhalten, was gerade entsteht. Fertiges bleibt. (Esc)</translation>
    </message>
    <message>
        <source>Branch from this step</source>
        <translation>Ab diesem Schritt abzweigen</translation>
    </message>
    <message>
        <source>branch: the next picture keeps the steps up to this one and does the rest with the settings as they then are</source>
        <translation>branch: Das nächste Bild behält die Schritte bis hier und macht den Rest mit den dann geltenden Einstellungen</translation>
    </message>
    <message>
        <source>Drag along the bar, or use the arrow keys, to see each step again</source>
        <translation>Auf der Leiste ziehen oder Pfeiltasten drücken, um jeden Schritt noch einmal zu sehen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
</context>
<context>
    <name>likeness::ProjectMenu</name>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Earlier si&amp;ttings</source>
        <translation>Frühere S&amp;itzungen</translation>
    </message>
    <message>
        <source>&amp;New</source>
        <translation>&amp;Neu</translation>
    </message>
    <message>
        <source>&amp;Open a project</source>
        <translation>Projekt &amp;öffnen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;as</source>
        <translation>Speichern &amp;unter</translation>
    </message>
    <message>
        <source>%1[*] - Likeness</source>
        <translation>%1[*] - Likeness</translation>
    </message>
    <message>
        <source>%1  %2</source>
        <translation>%1  %2</translation>
    </message>
    <message>
        <source>There are none</source>
        <translation>Es gibt keine</translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Projects (*.%1)</source>
        <translation>Projekte (*.%1)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Projekt speichern</translation>
    </message>
</context>
<context>
    <name>likeness::PromptEdit</name>
    <message>
        <source>BREAK: a new piece of 75 tokens begins</source>
        <translation>BREAK: Ein neues Stück von 75 Token beginnt</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>Gewicht %1</translation>
    </message>
</context>
<context>
    <name>likeness::PromptPanel</name>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativer Prompt</translation>
    </message>
    <message>
        <source>negative_prompt: what the picture must not show</source>
        <translation>negative_prompt: was das Bild nicht zeigen darf</translation>
    </message>
    <message>
        <source>Earlier prompts</source>
        <translation>Frühere Prompts</translation>
    </message>
    <message>
        <source>What the picture shows</source>
        <translation>Was das Bild zeigt</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>Negativ</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 von %2 Tokens</translation>
    </message>
    <message>
        <source>prompt_2, negative_prompt_2: what SDXL&apos;s second text encoder reads</source>
        <translation>prompt_2, negative_prompt_2: was der zweite Text-Encoder von SDXL liest</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>%1 tokens, the last %2 are not read</source>
        <translation>%1 Tokens, die letzten %2 werden nicht gelesen</translation>
    </message>
    <message>
        <source>%1 tokens, %2 pieces</source>
        <translation>%1 Tokens, %2 Stücke</translation>
    </message>
    <message>
        <source>Second encoder: %1</source>
        <translation>Zweiter Encoder: %1</translation>
    </message>
    <message>
        <source>prompt: what the picture shows; (word:1.3) and (word) weigh more, [word] less, BREAK begins a new piece of 75 tokens. Ctrl+Up and Ctrl+Down change the weight of what is selected</source>
        <translation>prompt: was das Bild zeigt; (Wort:1.3) und (Wort) wiegen mehr, [Wort] weniger, BREAK beginnt ein neues Stück von 75 Token. Strg+Auf und Strg+Ab ändern das Gewicht der Auswahl</translation>
    </message>
    <message>
        <source>Prompt of the second encoder</source>
        <translation>Prompt des zweiten Encoders</translation>
    </message>
    <message>
        <source>prompt_2: what SDXL&apos;s second text encoder reads; empty: the prompt</source>
        <translation>prompt_2: was der zweite Textencoder von SDXL liest; leer: der Prompt</translation>
    </message>
    <message>
        <source>Negative prompt of the second encoder</source>
        <translation>Negativer Prompt des zweiten Encoders</translation>
    </message>
    <message>
        <source>negative_prompt_2: likewise; empty: the negative prompt</source>
        <translation>negative_prompt_2: ebenso; leer: der negative Prompt</translation>
    </message>
    <message>
        <source>Other words for the second encoder</source>
        <translation>Andere Wörter für den zweiten Encoder</translation>
    </message>
    <message>
        <source>Second encoder</source>
        <translation>Zweiter Encoder</translation>
    </message>
    <message>
        <source>Second encoder, negative</source>
        <translation>Zweiter Encoder, negativ</translation>
    </message>
    <message>
        <source>As the prompt</source>
        <translation>Wie der Prompt</translation>
    </message>
    <message>
        <source>As the negative prompt</source>
        <translation>Wie der negative Prompt</translation>
    </message>
</context>
<context>
    <name>likeness::QueueJournal</name>
    <message>
        <source>Another window keeps the queue: what waits here ends with this window</source>
        <translation>Ein anderes Fenster führt die Warteschlange: Was hier wartet, endet mit diesem Fenster</translation>
    </message>
</context>
<context>
    <name>likeness::QueuePanel</name>
    <message>
        <source>Retry</source>
        <translation>Erneut</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Pause the queue: what runs is made to its end, nothing new begins</source>
        <translation>Warteschlange anhalten: Was läuft, wird fertig, Neues beginnt nicht</translation>
    </message>
    <message>
        <source>Pause the queue</source>
        <translation>Warteschlange anhalten</translation>
    </message>
    <message>
        <source>%1, %2 s</source>
        <translation>%1, %2 s</translation>
    </message>
    <message>
        <source>Make it smaller</source>
        <translation>Kleiner erstellen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Drag to reorder (Alt+Up, Alt+Down), Delete removes, Enter makes what is missing, Shift+Enter makes it smaller, a double click shows a comparison</source>
        <translation>Ziehen ordnet um (Alt+Auf, Alt+Ab), Entf entfernt, Enter erstellt, was fehlt, Umschalt+Enter erstellt es kleiner, Doppelklick zeigt einen Vergleich</translation>
    </message>
</context>
<context>
    <name>likeness::RangeSlider</name>
    <message>
        <source>%1: %2 to %3 %</source>
        <translation>%1: %2 bis %3 %</translation>
    </message>
</context>
<context>
    <name>likeness::ReferenceCardView</name>
    <message>
        <source>Solo: only this reference acts</source>
        <translation>Solo: Nur diese Referenz wirkt</translation>
    </message>
    <message>
        <source>Mute: the picture is made without this reference</source>
        <translation>Stumm: Das Bild entsteht ohne diese Referenz</translation>
    </message>
    <message>
        <source>Open: what the encoder sees, blocks, masks</source>
        <translation>Öffnen: was der Encoder sieht, Blöcke, Masken</translation>
    </message>
    <message>
        <source>Remove this reference</source>
        <translation>Diese Referenz entfernen</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Wird gelesen</translation>
    </message>
    <message>
        <source>%1, %2.
Drag, or Alt+Up and Alt+Down, to move the card</source>
        <translation>%1, %2.
Ziehen oder Alt+Auf und Alt+Ab verschieben die Karte</translation>
    </message>
    <message>
        <source>Move %1</source>
        <translation>%1 verschieben</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>role: custom (was %1)</source>
        <translation>role: eigene (war %1)</translation>
    </message>
    <message>
        <source>role: %1</source>
        <translation>role: %1</translation>
    </message>
    <message>
        <source>Role of %1</source>
        <translation>Rolle von %1</translation>
    </message>
    <message>
        <source>Steps in which %1 acts</source>
        <translation>Schritte, in denen %1 wirkt</translation>
    </message>
    <message>
        <source>range: share of the steps in which this reference acts. Double click: all of them</source>
        <translation>range: Anteil der Schritte, in denen diese Referenz wirkt. Doppelklick: alle</translation>
    </message>
    <message>
        <source>%1–%2 %</source>
        <translation>%1–%2 %</translation>
    </message>
    <message>
        <source>Strength of %1</source>
        <translation>Stärke von %1</translation>
    </message>
    <message>
        <source>ip_adapter_scale: how strongly this reference acts.
0 the words alone, 1 as trained. Double click: %1</source>
        <translation>ip_adapter_scale: wie stark diese Referenz wirkt.
0 nur die Wörter, 1 wie trainiert. Doppelklick: %1</translation>
    </message>
    <message>
        <source>Reference %1</source>
        <translation>Referenz %1</translation>
    </message>
    <message>
        <source>Acts only in a part of the picture</source>
        <translation>Wirkt nur in einem Teil des Bildes</translation>
    </message>
    <message>
        <source>Only a part of it is looked at</source>
        <translation>Nur ein Teil davon wird betrachtet</translation>
    </message>
</context>
<context>
    <name>likeness::ReferenceDetails</name>
    <message>
        <source>Crop</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>fit: crop. The part in the frame, a square</source>
        <translation>fit: crop. Der Teil im Rahmen, ein Quadrat</translation>
    </message>
    <message>
        <source>Squash</source>
        <translation>Stauchen</translation>
    </message>
    <message>
        <source>fit: squash. The whole part, distorted to a square</source>
        <translation>fit: squash. Der ganze Teil, zum Quadrat verzerrt</translation>
    </message>
    <message>
        <source>Pad</source>
        <translation>Rand</translation>
    </message>
    <message>
        <source>fit: pad. The whole part, with borders in the encoder&apos;s mean colour</source>
        <translation>fit: pad. Der ganze Teil, mit Rändern in der mittleren Farbe des Encoders</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>What the encoder looks at</source>
        <translation>Was der Encoder betrachtet</translation>
    </message>
    <message>
        <source>crop: the part the image encoder looks at. Drag it, its corners, or turn the wheel; double click: all of it</source>
        <translation>crop: der Teil, den der Bild-Encoder betrachtet. Ihn oder seine Ecken ziehen oder am Rad drehen; Doppelklick: alles</translation>
    </message>
    <message>
        <source>pixel_values: exactly what the image encoder gets, before normalisation</source>
        <translation>pixel_values: genau das, was der Bild-Encoder bekommt, vor der Normalisierung</translation>
    </message>
    <message>
        <source>What the encoder gets</source>
        <translation>Was der Encoder bekommt</translation>
    </message>
    <message>
        <source>Encoder&apos;s eye</source>
        <translation>Encoderblick</translation>
    </message>
    <message>
        <source>How the picture fits</source>
        <translation>Wie das Bild eingepasst wird</translation>
    </message>
    <message>
        <source>look_mask: paint what is looked at; the rest becomes the encoder&apos;s mean colour. Alt or the right button erases, [ and ] change the brush</source>
        <translation>look_mask: malen, was betrachtet wird; der Rest bekommt die mittlere Farbe des Encoders. Alt oder die rechte Taste radiert, [ und ] ändern den Pinsel</translation>
    </message>
    <message>
        <source>Paint what is looked at</source>
        <translation>Malen, was betrachtet wird</translation>
    </message>
    <message>
        <source>Paint what counts. Alt erases, [ ] size</source>
        <translation>Malen, was zählt. Alt radiert, [ ] Größe</translation>
    </message>
    <message>
        <source>Invert the mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Remove the mask</source>
        <translation>Maske entfernen</translation>
    </message>
    <message>
        <source>Block weights</source>
        <translation>Blockgewichte</translation>
    </message>
    <message>
        <source>Weight of the chosen block</source>
        <translation>Gewicht des gewählten Blocks</translation>
    </message>
    <message>
        <source>block_scale: factor of the chosen block, 0 to 2</source>
        <translation>block_scale: Faktor des gewählten Blocks, 0 bis 2</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>Blöcke</translation>
    </message>
    <message>
        <source>Acts from</source>
        <translation>Wirkt ab</translation>
    </message>
    <message>
        <source>range_start: share of the steps after which it begins to act</source>
        <translation>range_start: Anteil der Schritte, nach dem sie zu wirken beginnt</translation>
    </message>
    <message>
        <source>Acts until</source>
        <translation>Wirkt bis</translation>
    </message>
    <message>
        <source>range_end: share of the steps after which it acts no more</source>
        <translation>range_end: Anteil der Schritte, nach dem sie nicht mehr wirkt</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Paint where it acts</source>
        <translation>Malen, wo sie wirkt</translation>
    </message>
    <message>
        <source>mask: paint over the picture where this reference acts</source>
        <translation>mask: auf dem Bild malen, wo diese Referenz wirkt</translation>
    </message>
    <message>
        <source>Let it act everywhere</source>
        <translation>Überall wirken lassen</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>%1 × %1 px</source>
        <translation>%1 × %1 px</translation>
    </message>
    <message>
        <source>in a part</source>
        <translation>in einem Teil</translation>
    </message>
    <message>
        <source>everywhere</source>
        <translation>überall</translation>
    </message>
    <message>
        <source>known when the model is open</source>
        <translation>bekannt, wenn das Modell geöffnet ist</translation>
    </message>
    <message>
        <source>changed, was %1, %2</source>
        <translation>geändert, war %1, %2</translation>
    </message>
    <message>
        <source>%1 preset, %2</source>
        <translation>Vorlage %1, %2</translation>
    </message>
    <message>
        <source>Adapter of this reference</source>
        <translation>Adapter dieser Referenz</translation>
    </message>
    <message>
        <source>ip_adapter: what lets this reference act, for a style from one adapter and a subject from another</source>
        <translation>ip_adapter: was diese Referenz wirken lässt, für einen Stil aus einem Adapter und ein Motiv aus einem anderen</translation>
    </message>
    <message>
        <source>Choose a file: %1</source>
        <translation>Eine Datei wählen: %1</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>As under Model</source>
        <translation>Wie unter Modell</translation>
    </message>
</context>
<context>
    <name>likeness::ReferenceListModel</name>
    <message>
        <source>Product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>Composition</source>
        <translation>Komposition</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
    <message>
        <source>The thing itself; the words place it</source>
        <translation>Die Sache selbst; die Wörter geben ihr den Ort</translation>
    </message>
    <message>
        <source>Colours, light and manner, not the thing</source>
        <translation>Farben, Licht und Machart, nicht die Sache</translation>
    </message>
    <message>
        <source>Where things lie, not how they look</source>
        <translation>Wo Dinge liegen, nicht wie sie aussehen</translation>
    </message>
    <message>
        <source>All blocks, all steps, as trained</source>
        <translation>Alle Blöcke, alle Schritte, wie trainiert</translation>
    </message>
    <message>
        <source>The surroundings; early steps, then the words go on</source>
        <translation>Die Umgebung; frühe Schritte, dann führen die Wörter weiter</translation>
    </message>
    <message>
        <source>A set needs a name.</source>
        <translation>Ein Satz braucht einen Namen.</translation>
    </message>
    <message>
        <source>The name has %1 characters; the most is %2.</source>
        <translation>Der Name hat %1 Zeichen; höchstens %2 sind möglich.</translation>
    </message>
    <message>
        <source>A set cannot be called &quot;%1&quot;: a name has none of / \ : * ? &quot; &lt; &gt; | and no dot or space at its ends.</source>
        <translation>Ein Satz kann nicht „%1“ heißen: Ein Name enthält keines von / \ : * ? &quot; &lt; &gt; | und an den Enden weder Punkt noch Leerzeichen.</translation>
    </message>
    <message>
        <source>en</source>
        <extracomment>The code of the language that these words are in.</extracomment>
        <translation>de</translation>
    </message>
</context>
<context>
    <name>likeness::ReferencesPanel</name>
    <message>
        <source>Attend across all</source>
        <translation>Gemeinsam</translation>
    </message>
    <message>
        <source>combine: join. One attention over the parts of all references; the best fitting ones win.</source>
        <translation>combine: join. Eine Attention über die Teile aller Referenzen; die am besten passenden gewinnen.</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>combine: average. Each reference is looked at alone, then all count the same.</source>
        <translation>combine: average. Jede Referenz wird für sich betrachtet, dann zählen alle gleich.</translation>
    </message>
    <message>
        <source>Add references: drop pictures, paste them, or click to choose files</source>
        <translation>Referenzen hinzufügen: Bilder ablegen, einfügen oder klicken, um Dateien zu wählen</translation>
    </message>
    <message>
        <source>Master strength</source>
        <translation>Gesamtstärke</translation>
    </message>
    <message>
        <source>master_scale: multiplies every reference&apos;s strength and keeps their balance. Double click: %1</source>
        <translation>master_scale: vervielfacht die Stärke jeder Referenz und wahrt ihr Verhältnis. Doppelklick: %1</translation>
    </message>
    <message>
        <source>Combine</source>
        <translation>Mischung</translation>
    </message>
    <message>
        <source>Master</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>%1 references, which is the most</source>
        <translation>%1 Referenzen, mehr geht nicht</translation>
    </message>
    <message>
        <source>Drop, paste or click to add</source>
        <translation>Ablegen, einfügen oder klicken</translation>
    </message>
</context>
<context>
    <name>likeness::RunWords</name>
    <message>
        <source>Loading the model</source>
        <translation>Modell wird geladen</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>Prompt wird gelesen</translation>
    </message>
    <message>
        <source>Encoding references</source>
        <translation>Referenzen werden kodiert</translation>
    </message>
    <message>
        <source>Denoising</source>
        <translation>Entrauschen</translation>
    </message>
    <message>
        <source>Decoding</source>
        <translation>Dekodieren</translation>
    </message>
    <message>
        <source>, picture %1 of %2</source>
        <translation>, Bild %1 von %2</translation>
    </message>
    <message>
        <source>, %1 s left</source>
        <translation>, noch %1 s</translation>
    </message>
    <message>
        <source>, queue %1</source>
        <translation>, Warteschlange %1</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>Wird vorbereitet</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message>
        <source>at the next step</source>
        <translation>beim nächsten Schritt</translation>
    </message>
    <message>
        <source>Step %1/%2</source>
        <translation>Schritt %1/%2</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Preview of step %1</source>
        <translation>Vorschau von Schritt %1</translation>
    </message>
</context>
<context>
    <name>likeness::RungStrip</name>
    <message>
        <source>Rungs</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>Add a picture between these two</source>
        <translation>Ein Bild zwischen diesen beiden hinzufügen</translation>
    </message>
    <message>
        <source>Click: B. Shift+click: A. Double click: large</source>
        <translation>Klick: B. Umschalt+Klick: A. Doppelklick: groß</translation>
    </message>
</context>
<context>
    <name>likeness::SampleGrid</name>
    <message>
        <source>Samples</source>
        <translation>Proben</translation>
    </message>
    <message>
        <source>the last ones of step %1</source>
        <translation>die letzten von Schritt %1</translation>
    </message>
    <message>
        <source>start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>validation_prompt: pictures of the same seeds, made on the way. A click, or the arrow keys and Space, show one large</source>
        <translation>validation_prompt: Bilder derselben Startwerte, unterwegs erstellt. Ein Klick oder die Pfeiltasten und Leertaste zeigen eines groß</translation>
    </message>
</context>
<context>
    <name>likeness::SampleSheet</name>
    <message>
        <source>Sample pictures</source>
        <translation>Musterbilder</translation>
    </message>
    <message>
        <source>A press adds a picture to the references, another removes it.</source>
        <translation>Ein Klick nimmt ein Bild zu den Referenzen, ein zweiter nimmt es heraus.</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>Alle %1</translation>
    </message>
    <message>
        <source>These %1 in place of the references there are; Ctrl+Z brings those back</source>
        <translation>Diese %1 statt der Referenzen, die da sind; Strg+Z holt jene zurück</translation>
    </message>
    <message>
        <source>All %1 of %2</source>
        <translation>Alle %1 von %2</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>%1 hinzufügen</translation>
    </message>
    <message>
        <source>%1 references, which is the most</source>
        <translation>%1 Referenzen, mehr geht nicht</translation>
    </message>
</context>
<context>
    <name>likeness::SampleView</name>
    <message>
        <source>The sample before (Left)</source>
        <translation>Die Probe davor (Links)</translation>
    </message>
    <message>
        <source>The next sample (Right)</source>
        <translation>Die nächste Probe (Rechts)</translation>
    </message>
    <message>
        <source>Take this one</source>
        <translation>Diese nehmen</translation>
    </message>
    <message>
        <source>Back to all samples (Space)</source>
        <translation>Zurück zu allen Proben (Leertaste)</translation>
    </message>
    <message>
        <source>A sample, large</source>
        <translation>Eine Probe, groß</translation>
    </message>
    <message>
        <source>Take what was learned until this step</source>
        <translation>Das bis zu diesem Schritt Gelernte nehmen</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>seed %1 of %2</source>
        <translation>Startwert %1 von %2</translation>
    </message>
    <message>
        <source>start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
</context>
<context>
    <name>likeness::SamplingPanel</name>
    <message>
        <source>Sampling</source>
        <translation>Sampling</translation>
    </message>
    <message>
        <source>Lock the seed: the next picture starts from the same noise</source>
        <translation>Startwert festhalten: Das nächste Bild beginnt mit demselben Rauschen</translation>
    </message>
    <message>
        <source>Make 9</source>
        <translation>9 Bilder</translation>
    </message>
    <message>
        <source>Number of pictures</source>
        <translation>Anzahl der Bilder</translation>
    </message>
    <message>
        <source>num_images: picture k has the seed plus k</source>
        <translation>num_images: Bild k hat den Startwert plus k</translation>
    </message>
    <message>
        <source>Number of pictures, 1 to 64</source>
        <translation>Anzahl der Bilder, 1 bis 64</translation>
    </message>
    <message>
        <source>num_images: 1 to 64; picture k has the seed plus k</source>
        <translation>num_images: 1 bis 64; Bild k hat den Startwert plus k</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>Variation</translation>
    </message>
    <message>
        <source>variations: how far the near pictures are from the shown one, as a share of the way to another seed.
0 the same, 1 another seed</source>
        <translation>variations: wie weit die nahen Bilder vom gezeigten entfernt sind, als Anteil des Wegs zu einem anderen Startwert.
0 dasselbe, 1 ein anderer Startwert</translation>
    </message>
    <message>
        <source>Make nine variations</source>
        <translation>Neun Variationen erstellen</translation>
    </message>
    <message>
        <source>Nine pictures near the shown one (Ctrl+Shift+V)</source>
        <translation>Neun Bilder nahe am gezeigten (Strg+Umschalt+V)</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>Abzweig</translation>
    </message>
    <message>
        <source>Begin from noise again</source>
        <translation>Wieder mit Rauschen beginnen</translation>
    </message>
    <message>
        <source>Presets: the model&apos;s own values, and other formats</source>
        <translation>Vorlagen: die Werte des Modells und andere Formate</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>%1 of the picture in pixels</source>
        <translation>%1 des Bilds in Pixeln</translation>
    </message>
    <message>
        <source>Swap width and height</source>
        <translation>Breite und Höhe tauschen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>num_inference_steps: more steps, finer and slower</source>
        <translation>num_inference_steps: mehr Schritte, feiner und langsamer</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Führung</translation>
    </message>
    <message>
        <source>guidance_scale: how strictly the prompt is followed</source>
        <translation>guidance_scale: wie streng dem Prompt gefolgt wird</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>scheduler: the rule of each step</source>
        <translation>scheduler: die Regel jedes Schritts</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>seed: the noise the picture starts from</source>
        <translation>seed: das Rauschen, mit dem das Bild beginnt</translation>
    </message>
    <message>
        <source>Draw another seed</source>
        <translation>Neuen Startwert ziehen</translation>
    </message>
    <message>
        <source>step %1 of seed %2</source>
        <translation>Schritt %1 von Startwert %2</translation>
    </message>
    <message>
        <source>Noise levels</source>
        <translation>Rauschstufen</translation>
    </message>
    <message>
        <source>scheduler: how the noise falls from step to step. Karras and exponential give the fine steps more of them, beta both ends</source>
        <translation>scheduler: wie das Rauschen von Schritt zu Schritt abnimmt. Karras und Exponential geben den feinen Schritten mehr davon, Beta beiden Enden</translation>
    </message>
    <message>
        <source>The model&apos;s own</source>
        <translation>Vom Modell selbst</translation>
    </message>
</context>
<context>
    <name>likeness::SamplingPresets</name>
    <message>
        <source>The model&apos;s own: %1 × %2, %3 steps, guidance %4</source>
        <translation>Werte des Modells: %1 × %2, %3 Schritte, Führung %4</translation>
    </message>
</context>
<context>
    <name>likeness::Section</name>
    <message>
        <source>Fold or unfold %1</source>
        <translation>%1 auf- oder zuklappen</translation>
    </message>
</context>
<context>
    <name>likeness::Session</name>
    <message>
        <source>1 picture in %1 s</source>
        <translation>1 Bild in %1 s</translation>
    </message>
    <message>
        <source>%1 pictures in %2 s</source>
        <translation>%1 Bilder in %2 s</translation>
    </message>
    <message>
        <source>Waiting for a reference that is still being read</source>
        <translation>Wartet auf eine Referenz, die noch gelesen wird</translation>
    </message>
    <message>
        <source>The picture was not made: settings do not fit</source>
        <translation>Das Bild wurde nicht erstellt: Einstellungen passen nicht</translation>
    </message>
    <message>
        <source>Branch from step %1</source>
        <translation>Ab Schritt %1 abzweigen</translation>
    </message>
    <message>
        <source>The next picture goes on from step %1 of seed %2</source>
        <translation>Das nächste Bild geht ab Schritt %1 von Startwert %2 weiter</translation>
    </message>
    <message>
        <source>A branch keeps size, steps, scheduler and seed: the next picture begins anew</source>
        <translation>Ein Abzweig behält Größe, Schritte, Scheduler und Startwert: Das nächste Bild beginnt neu</translation>
    </message>
    <message>
        <source>A branched picture has no noise of its own to vary</source>
        <translation>Ein abgezweigtes Bild hat kein eigenes Rauschen zum Variieren</translation>
    </message>
    <message>
        <source>The model %1 was not opened</source>
        <translation>Das Modell %1 wurde nicht geöffnet</translation>
    </message>
    <message>
        <source>%1 stays open.</source>
        <translation>%1 bleibt geöffnet.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>A picture was not taken</source>
        <translation>Ein Bild wurde nicht angenommen</translation>
    </message>
    <message>
        <source>%1 pictures were not taken</source>
        <translation>%1 Bilder wurden nicht angenommen</translation>
    </message>
    <message>
        <source>there are %1 references already, which is the most. Remove one first.</source>
        <translation>Es gibt schon %1 Referenzen, mehr geht nicht. Zuerst eine entfernen.</translation>
    </message>
    <message>
        <source>Use settings of seed %1</source>
        <translation>Einstellungen von Startwert %1 übernehmen</translation>
    </message>
    <message>
        <source>a reference</source>
        <translation>Eine Referenz</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>The picture could not be saved as %1</source>
        <translation>Das Bild konnte nicht als %1 gespeichert werden</translation>
    </message>
    <message>
        <source>It is still here in the strip.</source>
        <translation>Es ist noch hier im Streifen.</translation>
    </message>
    <message>
        <source>The picture could not be kept on the disk</source>
        <translation>Das Bild konnte nicht auf dem Datenträger gesichert werden</translation>
    </message>
    <message>
        <source>It is still here in memory. Save as (Ctrl+E) writes it to another place.</source>
        <translation>Es ist noch im Speicher. Speichern unter (Strg+E) schreibt es an einen anderen Ort.</translation>
    </message>
    <message>
        <source>1 picture moved to the trash</source>
        <translation>1 Bild in den Papierkorb gelegt</translation>
    </message>
    <message>
        <source>%1 pictures moved to the trash</source>
        <translation>%1 Bilder in den Papierkorb gelegt</translation>
    </message>
    <message>
        <source>The settings of seed %1 are back</source>
        <translation>Die Einstellungen von Startwert %1 sind zurück</translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation>Startwert %1</translation>
    </message>
    <message>
        <source>Exporting 1 picture</source>
        <translation>1 Bild wird exportiert</translation>
    </message>
    <message>
        <source>Exporting %1 pictures</source>
        <translation>%1 Bilder werden exportiert</translation>
    </message>
    <message>
        <source>Exported %1 to %2</source>
        <translation>%1 nach %2 exportiert</translation>
    </message>
    <message>
        <source>Exported %1 pictures to %2</source>
        <translation>%1 Bilder nach %2 exportiert</translation>
    </message>
    <message>
        <source>A picture was not exported</source>
        <translation>Ein Bild wurde nicht exportiert</translation>
    </message>
    <message>
        <source>%1 pictures were not exported</source>
        <translation>%1 Bilder wurden nicht exportiert</translation>
    </message>
    <message>
        <source>Use settings of %1</source>
        <translation>Einstellungen von %1 übernehmen</translation>
    </message>
    <message>
        <source>Its noise is drawn otherwise: the same seed gives another picture here.</source>
        <translation>Sein Rauschen wird anders gezogen: Derselbe Startwert ergibt hier ein anderes Bild.</translation>
    </message>
    <message>
        <source>The %1 settings of %2 are back</source>
        <translation>Die %1-Einstellungen von %2 sind zurück</translation>
    </message>
    <message>
        <source>Not honoured: %1.</source>
        <translation>Nicht übernommen: %1.</translation>
    </message>
    <message>
        <source>The settings of %1 are back</source>
        <translation>Die Einstellungen von %1 sind zurück</translation>
    </message>
    <message>
        <source>The settings of %1 were not read</source>
        <translation>Die Einstellungen von %1 wurden nicht gelesen</translation>
    </message>
    <message>
        <source>%1 carries no settings; it was added as a reference</source>
        <translation>%1 enthält keine Einstellungen und wurde als Referenz hinzugefügt</translation>
    </message>
    <message>
        <source>A mask was not kept; it is lost when the window closes</source>
        <translation>Eine Maske wurde nicht gesichert; sie geht beim Schließen verloren</translation>
    </message>
    <message>
        <source>The set %1 was not saved</source>
        <translation>Der Satz %1 wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>Saved the set %1</source>
        <translation>Satz %1 gespeichert</translation>
    </message>
    <message>
        <source>The set %1 was not opened</source>
        <translation>Der Satz %1 wurde nicht geöffnet</translation>
    </message>
    <message>
        <source>Open the set %1</source>
        <translation>Satz %1 öffnen</translation>
    </message>
    <message>
        <source>Opened the set %1</source>
        <translation>Satz %1 geöffnet</translation>
    </message>
    <message>
        <source>The set %1 was not removed</source>
        <translation>Der Satz %1 wurde nicht entfernt</translation>
    </message>
    <message>
        <source>Moved the set %1 to the trash</source>
        <translation>Satz %1 in den Papierkorb gelegt</translation>
    </message>
    <message>
        <source>A pasted picture was not kept; it is lost when the window closes</source>
        <translation>Ein eingefügtes Bild wurde nicht aufbewahrt; mit dem Fenster geht es verloren</translation>
    </message>
    <message>
        <source>The examples of %1 were not read</source>
        <translation>Die Beispiele von %1 wurden nicht gelesen</translation>
    </message>
    <message>
        <source>Example: %1</source>
        <translation>Beispiel: %1</translation>
    </message>
    <message>
        <source>All pictures of %1</source>
        <translation>Alle Bilder von %1</translation>
    </message>
    <message>
        <source>Begin from %1</source>
        <translation>Mit %1 beginnen</translation>
    </message>
    <message>
        <source>Begin from noise</source>
        <translation>Mit Rauschen beginnen</translation>
    </message>
    <message>
        <source>Mask of the picture to begin from</source>
        <translation>Maske des Ausgangsbilds</translation>
    </message>
    <message>
        <source>The model&apos;s own VAE</source>
        <translation>Das VAE des Modells</translation>
    </message>
    <message>
        <source>The model&apos;s own adapter</source>
        <translation>Der Adapter des Modells</translation>
    </message>
    <message>
        <source>a model</source>
        <translation>ein Modell</translation>
    </message>
    <message>
        <source>a LoRA</source>
        <translation>eine LoRA</translation>
    </message>
    <message>
        <source>a learned word</source>
        <translation>ein gelerntes Wort</translation>
    </message>
    <message>
        <source>a VAE</source>
        <translation>ein VAE</translation>
    </message>
    <message>
        <source>an IP-Adapter</source>
        <translation>ein IP-Adapter</translation>
    </message>
    <message>
        <source>it holds nothing that is used by itself.</source>
        <translation>Sie enthält nichts, was für sich verwendet wird.</translation>
    </message>
    <message>
        <source>it is %1; wanted here: %2.</source>
        <translation>Das ist %1; gesucht ist hier: %2.</translation>
    </message>
    <message>
        <source>it is in the list already.</source>
        <translation>Das steht schon in der Liste.</translation>
    </message>
    <message>
        <source>only one model is open at a time.</source>
        <translation>Es ist immer nur ein Modell offen.</translation>
    </message>
    <message>
        <source>Added %1</source>
        <translation>%1 hinzugefügt</translation>
    </message>
    <message>
        <source>Added %1 files</source>
        <translation>%1 Dateien hinzugefügt</translation>
    </message>
    <message>
        <source>there are %1 LoRAs already, which is the most.</source>
        <translation>Es sind schon %1 LoRAs, mehr gehen nicht.</translation>
    </message>
    <message>
        <source>there are %1 learned words already, which is the most.</source>
        <translation>Es sind schon %1 gelernte Wörter, mehr gehen nicht.</translation>
    </message>
    <message>
        <source>%1 was not opened</source>
        <translation>%1 wurde nicht geöffnet</translation>
    </message>
    <message>
        <source>%1 files were not opened</source>
        <translation>%1 Dateien wurden nicht geöffnet</translation>
    </message>
    <message>
        <source>Put %1 into the prompt</source>
        <translation>%1 in den Prompt setzen</translation>
    </message>
    <message>
        <source>The VAE %1 was not used</source>
        <translation>Das VAE %1 wurde nicht verwendet</translation>
    </message>
    <message>
        <source>The adapter %1 was not used</source>
        <translation>Der Adapter %1 wurde nicht verwendet</translation>
    </message>
    <message>
        <source>%1 is trained, %2 steps</source>
        <translation>%1 ist trainiert, %2 Schritte</translation>
    </message>
    <message>
        <source>The training of %1 is not finished</source>
        <translation>Das Training von %1 ist nicht fertig</translation>
    </message>
    <message>
        <source>It is kept at step %1 of %2.</source>
        <translation>Es steht bei Schritt %1 von %2.</translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>%1 verwenden</translation>
    </message>
    <message>
        <source>%1 is used</source>
        <translation>%1 wird verwendet</translation>
    </message>
    <message>
        <source>The pictures were not added to the dataset</source>
        <translation>Die Bilder kamen nicht in den Datensatz</translation>
    </message>
    <message>
        <source>It is fixed while a training runs or is paused.</source>
        <translation>Er steht fest, solange ein Training läuft oder pausiert.</translation>
    </message>
    <message>
        <source>There are no references to train on yet</source>
        <translation>Es gibt noch keine Referenzen zum Trainieren</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 und %2 weitere</translation>
    </message>
    <message>
        <source>%1 pictures are too many for references</source>
        <translation>%1 Bilder sind zu viele für Referenzen</translation>
    </message>
    <message>
        <source>%1 references are the most; not taken: %2.
A LoRA learns from all of them.</source>
        <translation>%1 Referenzen sind das meiste; nicht genommen: %2.
Eine LoRA lernt aus allen.</translation>
    </message>
    <message>
        <source>Train a LoRA of these %1</source>
        <translation>Eine LoRA aus diesen %1 trainieren</translation>
    </message>
    <message>
        <source>There are no references to ask about yet</source>
        <translation>Es gibt noch keine Referenzen, um die es gehen könnte</translation>
    </message>
    <message>
        <source>No refiner</source>
        <translation>Kein Refiner</translation>
    </message>
    <message>
        <source>an SDXL refiner</source>
        <translation>ein SDXL-Refiner</translation>
    </message>
    <message>
        <source>it is a model of %1; a refiner is of the SDXL family.</source>
        <translation>es ist ein Modell für %1; ein Refiner gehört zur SDXL-Familie.</translation>
    </message>
    <message>
        <source>%1 of %2 pictures of the dataset have changed</source>
        <translation>%1 von %2 Bildern des Datensatzes haben sich geändert</translation>
    </message>
    <message>
        <source>They are used as they are now: %1</source>
        <translation>Sie werden genommen, wie sie jetzt sind: %1</translation>
    </message>
    <message>
        <source>Not where they were: %1. Captions are kept until they are found.</source>
        <translation>Nicht mehr, wo sie waren: %1. Beschreibungen bleiben, bis sie gefunden sind.</translation>
    </message>
    <message>
        <source>%1 of %2 pictures of the dataset are missing</source>
        <translation>%1 von %2 Bildern des Datensatzes fehlen</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>%1 is another picture than it was</source>
        <translation>%1 ist ein anderes Bild als zuvor</translation>
    </message>
    <message>
        <source>%1 references are other pictures than they were</source>
        <translation>%1 Referenzen sind andere Bilder als zuvor</translation>
    </message>
    <message>
        <source>The settings were made with what the file held before: the result will differ.</source>
        <translation>Die Einstellungen entstanden mit dem früheren Inhalt der Datei: das Ergebnis wird abweichen.</translation>
    </message>
</context>
<context>
    <name>likeness::SessionKeeper</name>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
    <message>
        <source>What you edit is not being kept on disk</source>
        <translation>Änderungen werden nicht auf dem Datenträger gesichert</translation>
    </message>
    <message>
        <source>It is still here. Writing is tried again.</source>
        <translation>Sie sind noch da. Das Schreiben wird erneut versucht.</translation>
    </message>
    <message>
        <source>The last sitting was cut off</source>
        <translation>Die letzte Sitzung brach ab</translation>
    </message>
    <message>
        <source>What was edited until %1 is kept.</source>
        <translation>Was bis %1 bearbeitet wurde, ist gesichert.</translation>
    </message>
    <message>
        <source>The sitting could not be brought back</source>
        <translation>Die Sitzung ließ sich nicht zurückholen</translation>
    </message>
    <message>
        <source>None of its copies can be read.</source>
        <translation>Keine ihrer Kopien ist lesbar.</translation>
    </message>
    <message>
        <source>Restore a sitting</source>
        <translation>Sitzung wiederherstellen</translation>
    </message>
    <message>
        <source>The sitting is back</source>
        <translation>Die Sitzung ist zurück</translation>
    </message>
    <message>
        <source>The project %1 was not opened</source>
        <translation>Das Projekt %1 wurde nicht geöffnet</translation>
    </message>
    <message>
        <source>The project could not be saved as %1</source>
        <translation>Das Projekt konnte nicht als %1 gespeichert werden</translation>
    </message>
    <message>
        <source>It is still here, and kept for the next start.</source>
        <translation>Es ist noch da und für den nächsten Start gesichert.</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
</context>
<context>
    <name>likeness::ShortcutsWindow</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search shortcuts</source>
        <translation>Tastenkürzel suchen</translation>
    </message>
    <message>
        <source>Search by name or keys</source>
        <translation>Nach Name oder Tasten suchen</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was es tut</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>New keys for the chosen line</source>
        <translation>Neue Tasten für die gewählte Zeile</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Set back</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Set all back</source>
        <translation>Alle zurücksetzen</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>Neue Tasten</translation>
    </message>
    <message>
        <source>%1 is taken by &quot;%2&quot;. Take it away there first.</source>
        <translation>%1 gehört schon zu „%2“. Dort zuerst wegnehmen.</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
</context>
<context>
    <name>likeness::StatusLine</name>
    <message>
        <source>device: where pictures are computed</source>
        <translation>device: wo Bilder berechnet werden</translation>
    </message>
    <message>
        <source>Memory that the program takes, of all there is</source>
        <translation>Speicher, den das Programm belegt, vom vorhandenen</translation>
    </message>
    <message>
        <source>%1, opening</source>
        <translation>%1, wird geöffnet</translation>
    </message>
    <message>
        <source>%1, %2 threads</source>
        <translation>%1, %2 Threads</translation>
    </message>
    <message>
        <source>%1 of %2 GB</source>
        <translation>%1 von %2 GB</translation>
    </message>
    <message>
        <source>queue %1, paused</source>
        <translation>Warteschlange %1, angehalten</translation>
    </message>
    <message>
        <source>queue %1</source>
        <translation>Warteschlange %1</translation>
    </message>
    <message>
        <source>Memory that the program takes, of all there is, and what it takes at most with these settings</source>
        <translation>Speicher, den das Programm belegt, von allem, und was es mit diesen Einstellungen höchstens braucht</translation>
    </message>
    <message>
        <source>%1 of %2 GB, at most %3</source>
        <translation>%1 von %2 GB, höchstens %3</translation>
    </message>
    <message>
        <source>A training runs; pictures are made between its steps</source>
        <translation>Ein Training läuft; Bilder werden zwischen seinen Schritten erstellt</translation>
    </message>
    <message>
        <source>training %1, step %2/%3</source>
        <translation>Training %1, Schritt %2/%3</translation>
    </message>
    <message>
        <source>training %1</source>
        <translation>Training %1</translation>
    </message>
</context>
<context>
    <name>likeness::StepScrubber</name>
    <message>
        <source>Step %1/%2</source>
        <translation>Schritt %1/%2</translation>
    </message>
    <message>
        <source>Preview of step %1</source>
        <translation>Vorschau von Schritt %1</translation>
    </message>
</context>
<context>
    <name>likeness::StylesPanel</name>
    <message>
        <source>Styles and words</source>
        <translation>Stile und Wörter</translation>
    </message>
    <message>
        <source>Drop LoRAs and learned words on the window, or add them with +.</source>
        <translation>LoRAs und gelernte Wörter auf das Fenster ziehen oder mit + hinzufügen.</translation>
    </message>
    <message>
        <source>Add LoRAs and learned words (Ctrl+Shift+A)</source>
        <translation>LoRAs und gelernte Wörter hinzufügen (Strg+Umschalt+A)</translation>
    </message>
</context>
<context>
    <name>likeness::TradeOffPlot</name>
    <message>
        <source>Measures of the pictures</source>
        <translation>Messwerte der Bilder</translation>
    </message>
    <message>
        <source>%1, best trade-off</source>
        <translation>%1, bester Ausgleich</translation>
    </message>
</context>
<context>
    <name>likeness::TrainText</name>
    <message>
        <source>Loading the model</source>
        <translation>Modell wird geladen</translation>
    </message>
    <message>
        <source>Reading the captions</source>
        <translation>Bildtexte werden gelesen</translation>
    </message>
    <message>
        <source>Encoding the pictures</source>
        <translation>Bilder werden kodiert</translation>
    </message>
    <message>
        <source>Making pictures</source>
        <translation>Bilder werden erstellt</translation>
    </message>
    <message>
        <source>Decoding</source>
        <translation>Dekodieren</translation>
    </message>
    <message>
        <source>Step %1/%2</source>
        <translation>Schritt %1/%2</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>saved at %1</source>
        <translation>gesichert bei %1</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>about %1, %2 of %3 GB</source>
        <translation>etwa %1, %2 von %3 GB</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>for what is being made</source>
        <translation>auf das, was gerade erstellt wird</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Keeping %1</source>
        <translation>%1 wird behalten</translation>
    </message>
    <message>
        <source>Training %1, %2 left</source>
        <translation>Trainiert %1, noch %2</translation>
    </message>
    <message>
        <source>Training %1</source>
        <translation>Trainiert %1</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Hält an</translation>
    </message>
    <message>
        <source>after this step, which is saved</source>
        <translation>nach diesem Schritt, der gesichert wird</translation>
    </message>
    <message>
        <source>%1 is paused</source>
        <translation>%1 pausiert</translation>
    </message>
    <message>
        <source>Proving</source>
        <translation>Beweis</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>%1 is trained, %2 steps</source>
        <translation>%1 ist trainiert, %2 Schritte</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Taking step %1</source>
        <translation>Schritt %1 wird genommen</translation>
    </message>
</context>
<context>
    <name>likeness::TrainWorkspace</name>
    <message>
        <source>Samples</source>
        <translation>Proben</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Use %1 in Generate</source>
        <translation>%1 in Generieren verwenden</translation>
    </message>
    <message>
        <source>Train again</source>
        <translation>Erneut trainieren</translation>
    </message>
    <message>
        <source>Go on with %1</source>
        <translation>Mit %1 fortfahren</translation>
    </message>
    <message>
        <source>When it is trained, it is used from here.</source>
        <translation>Wenn es trainiert ist, wird es von hier aus verwendet.</translation>
    </message>
    <message>
        <source>Use as references</source>
        <translation>Als Referenzen verwenden</translation>
    </message>
    <message>
        <source>Nothing is trained: the first ten come to Generate. The adapter itself can be taught by them, too.</source>
        <translation>Es wird nichts trainiert: Die ersten zehn kommen zu Generieren. Auch der Adapter selbst kann von ihnen lernen.</translation>
    </message>
    <message>
        <source>Drop pictures of one thing.</source>
        <translation>Bilder einer Sache ablegen.</translation>
    </message>
    <message>
        <source>Train the adapter</source>
        <translation>Den Adapter trainieren</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Training beginnen</translation>
    </message>
    <message>
        <source>The settings can be edited again; what is trained stays</source>
        <translation>Die Einstellungen sind wieder frei; was trainiert ist, bleibt</translation>
    </message>
    <message>
        <source>ip_adapter: its projection, keys and values go on learning</source>
        <translation>ip_adapter: Projektion, Keys und Values lernen weiter</translation>
    </message>
    <message>
        <source>training</source>
        <translation>trainiert</translation>
    </message>
    <message>
        <source>on, 1 reference</source>
        <translation>an, 1 Referenz</translation>
    </message>
    <message>
        <source>on, %1 references</source>
        <translation>an, %1 Referenzen</translation>
    </message>
    <message>
        <source>each step, and smoothed; learning rate %1</source>
        <translation>jeder Schritt und geglättet; Lernrate %1</translation>
    </message>
    <message>
        <source>none; set how often at the right</source>
        <translation>keine; wie oft, steht rechts</translation>
    </message>
    <message>
        <source>the same seed, every %1 steps</source>
        <translation>derselbe Startwert, alle %1 Schritte</translation>
    </message>
    <message>
        <source>the same %1 seeds, every %2 steps</source>
        <translation>dieselben %1 Startwerte, alle %2 Schritte</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>in %1</translation>
    </message>
    <message>
        <source>Add pictures to learn from</source>
        <translation>Bilder zum Lernen hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder of pictures</source>
        <translation>Einen Ordner mit Bildern hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>&amp;Trainieren</translation>
    </message>
    <message>
        <source>&amp;Show the training</source>
        <translation>Training &amp;zeigen</translation>
    </message>
    <message>
        <source>Add &amp;pictures</source>
        <translation>&amp;Bilder hinzufügen</translation>
    </message>
    <message>
        <source>Add a &amp;folder</source>
        <translation>Einen &amp;Ordner hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Check the dataset</source>
        <translation>&amp;Datensatz prüfen</translation>
    </message>
    <message>
        <source>&amp;Write missing captions</source>
        <translation>Fehlende Bildtexte &amp;schreiben</translation>
    </message>
    <message>
        <source>St&amp;art training</source>
        <translation>Training be&amp;ginnen</translation>
    </message>
    <message>
        <source>Pa&amp;use or go on</source>
        <translation>&amp;Pausieren oder fortsetzen</translation>
    </message>
    <message>
        <source>S&amp;top the training</source>
        <translation>Training &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Keep what is learned</source>
        <translation>Gelerntes be&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Discard the training</source>
        <translation>Training &amp;verwerfen</translation>
    </message>
    <message>
        <source>advised</source>
        <translation>empfohlen</translation>
    </message>
    <message>
        <source>in training</source>
        <translation>wird trainiert</translation>
    </message>
    <message>
        <source>Find &amp;missing pictures</source>
        <translation>&amp;Fehlende Bilder suchen</translation>
    </message>
    <message>
        <source>The folder the missing pictures are in now</source>
        <translation>Der Ordner, in dem die fehlenden Bilder jetzt sind</translation>
    </message>
    <message>
        <source>Choose an adapter to go on from</source>
        <translation>Einen Adapter wählen, von dem es weitergeht</translation>
    </message>
    <message>
        <source>Adapters (*.safetensors *.bin)</source>
        <translation>Adapter (*.safetensors *.bin)</translation>
    </message>
    <message>
        <source>What was learned until this step becomes the result, in the place of the one of step %1</source>
        <translation>Das bis zu diesem Schritt Gelernte wird zum Ergebnis, anstelle dessen von Schritt %1</translation>
    </message>
    <message>
        <source>Ends the training: what was learned until this step is proved and becomes the result</source>
        <translation>Beendet das Training: Das bis zu diesem Schritt Gelernte wird geprüft und zum Ergebnis</translation>
    </message>
    <message>
        <source>Nothing was learned yet</source>
        <translation>Noch nichts gelernt</translation>
    </message>
    <message>
        <source>This is the result</source>
        <translation>Das ist das Ergebnis</translation>
    </message>
    <message>
        <source>A whole model is too large to be kept at each sample; stop it at a good one</source>
        <translation>Ein ganzes Modell ist zu groß, um bei jeder Probe aufgehoben zu werden; bei einer guten anhalten</translation>
    </message>
    <message>
        <source>When it has come to its end or stopped</source>
        <translation>Sobald es am Ende oder angehalten ist</translation>
    </message>
    <message>
        <source>What was learned until this step is not kept</source>
        <translation>Das bis zu diesem Schritt Gelernte ist nicht aufgehoben</translation>
    </message>
    <message>
        <source>Discard the training</source>
        <translation>Das Training verwerfen</translation>
    </message>
    <message>
        <source>What %1 learned in %2 steps will be removed for good, with its samples. Pictures and settings stay.</source>
        <translation>Was %1 in %2 Schritten gelernt hat, wird mit den Proben endgültig gelöscht. Bilder und Einstellungen bleiben.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>likeness::TrainingCheckPanel</name>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Check the dataset</source>
        <translation>Den Datensatz prüfen</translation>
    </message>
    <message>
        <source>Looks at every picture as the trainer sees it, and tries some steps to say how long it takes</source>
        <translation>Sieht jedes Bild so an wie das Training und probiert einige Schritte, um die Dauer zu nennen</translation>
    </message>
    <message>
        <source>looking at each picture</source>
        <translation>sieht jedes Bild an</translation>
    </message>
    <message>
        <source>edited since</source>
        <translation>seither geändert</translation>
    </message>
    <message>
        <source>all good</source>
        <translation>alles gut</translation>
    </message>
    <message>
        <source>%1 to look at</source>
        <translation>%1 anzusehen</translation>
    </message>
    <message>
        <source>Size, sharpness, doubles, captions, and how long it would take.</source>
        <translation>Größe, Schärfe, Doppelte, Bildtexte und wie lange es dauern würde.</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Write missing captions</source>
        <translation>Fehlende Bildtexte schreiben</translation>
    </message>
    <message>
        <source>Gives every picture without a caption that of the training</source>
        <translation>Gibt jedem Bild ohne Bildtext den des Trainings</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show the pictures: %1</source>
        <translation>Die Bilder zeigen: %1</translation>
    </message>
    <message>
        <source>Chooses the pictures that this is about</source>
        <translation>Wählt die Bilder aus, um die es geht</translation>
    </message>
</context>
<context>
    <name>likeness::TrainingModel</name>
    <message>
        <source>Drop pictures of one thing: ten to fifty for a LoRA.</source>
        <translation>Bilder einer Sache ablegen: zehn bis fünfzig für ein LoRA.</translation>
    </message>
    <message>
        <source>Pictures are still being read.</source>
        <translation>Bilder werden noch gelesen.</translation>
    </message>
    <message>
        <source>There is a %1 already, and nothing is written over. Take another name.</source>
        <translation>Es gibt schon ein %1, und nichts wird überschrieben. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>What was learned until step %1 is kept.</source>
        <translation>Was bis Schritt %1 gelernt wurde, bleibt.</translation>
    </message>
    <message>
        <source>The pictures and settings are as they were.</source>
        <translation>Bilder und Einstellungen sind, wie sie waren.</translation>
    </message>
    <message>
        <source>%1 of %2 pictures are missing. Find their folder, or leave them out.</source>
        <translation>%1 von %2 Bildern fehlen. Ihren Ordner suchen oder sie weglassen.</translation>
    </message>
</context>
<context>
    <name>likeness::TrainingPanel</name>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What the result is called, and the word that calls it: harbour-mug</source>
        <translation>Wie das Ergebnis heißt, und das Wort, das es ruft: harbour-mug</translation>
    </message>
    <message>
        <source>Caption</source>
        <translation>Bildtext</translation>
    </message>
    <message>
        <source>instance_prompt: what a picture without a caption shows. Name the thing by a word that means nothing else</source>
        <translation>instance_prompt: was ein Bild ohne Bildtext zeigt. Die Sache mit einem Wort nennen, das sonst nichts heißt</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Grundmodell</translation>
    </message>
    <message>
        <source>model: what it is trained on and used with</source>
        <translation>model: womit trainiert und womit es verwendet wird</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Its kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>class_prompt: what things of its kind are called, such as &quot;a photo of a mug&quot;: the model keeps knowing those. Empty: it may forget</source>
        <translation>class_prompt: wie Dinge dieser Art heißen, etwa &quot;a photo of a mug&quot;: Das Modell kennt sie weiter. Leer: Es kann sie vergessen</translation>
    </message>
    <message>
        <source>Of its kind</source>
        <translation>Der Art</translation>
    </message>
    <message>
        <source>num_class_images: pictures of its kind, made by the model first</source>
        <translation>num_class_images: Bilder dieser Art, die das Modell zuerst erstellt</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>as_lora: off. A whole model, in a folder</source>
        <translation>as_lora: aus. Ein ganzes Modell, in einem Ordner</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>as_difference: one file of what changed</source>
        <translation>as_difference: eine Datei mit dem, was sich geändert hat</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>as_lora: small additions to the layers</source>
        <translation>as_lora: kleine Zusätze zu den Schichten</translation>
    </message>
    <message>
        <source>What is saved</source>
        <translation>Was gespeichert wird</translation>
    </message>
    <message>
        <source>Saved as</source>
        <translation>Speichern als</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>rank: how much the LoRA can hold.
4 to 8 for one thing, 16 to 64 for a style; more is a larger file. Double click: 8</source>
        <translation>rank: wie viel das LoRA fassen kann.
4 bis 8 für eine Sache, 16 bis 64 für einen Stil; mehr ist eine größere Datei. Doppelklick: 8</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>max_train_steps: how long it learns.
Too few and it does not know the thing, too many and it repeats the pictures. Double click: 400</source>
        <translation>max_train_steps: wie lange es lernt.
Zu wenige, und es kennt die Sache nicht; zu viele, und es wiederholt die Bilder. Doppelklick: 400</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>learning_rate: how far a step goes. Lower it where the loss jumps</source>
        <translation>learning_rate: wie weit ein Schritt geht. Senken, wo der Verlust springt</translation>
    </message>
    <message>
        <source>Schedule of the learning rate</source>
        <translation>Verlauf der Lernrate</translation>
    </message>
    <message>
        <source>lr_scheduler: whether the rate stays or falls towards the end</source>
        <translation>lr_scheduler: ob die Rate bleibt oder zum Ende hin fällt</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>Gleich</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Pictures a step</source>
        <translation>Bilder je Schritt</translation>
    </message>
    <message>
        <source>train_batch_size: pictures a step; more is steadier and needs memory</source>
        <translation>train_batch_size: Bilder je Schritt; mehr ist ruhiger und braucht Speicher</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>targets: attention. What binds words to places; enough for a thing</source>
        <translation>targets: attention. Was Wörter an Stellen bindet; reicht für eine Sache</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>targets: all. Convolutions and feed-forward too; for a style</source>
        <translation>targets: all. Auch Faltungen und Feed-Forward; für einen Stil</translation>
    </message>
    <message>
        <source>Trained layers</source>
        <translation>Trainierte Schichten</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Steps between samples</source>
        <translation>Schritte zwischen Proben</translation>
    </message>
    <message>
        <source>validation_steps: a row of samples after so many steps; 0: none</source>
        <translation>validation_steps: eine Reihe Proben nach so vielen Schritten; 0: keine</translation>
    </message>
    <message>
        <source>Seeds of the samples</source>
        <translation>Startwerte der Proben</translation>
    </message>
    <message>
        <source>num_validation_images: pictures each time, on seeds that stay</source>
        <translation>num_validation_images: Bilder jedes Mal, auf bleibenden Startwerten</translation>
    </message>
    <message>
        <source>Sample every</source>
        <translation>Probe alle</translation>
    </message>
    <message>
        <source>steps,</source>
        <translation>Schritte,</translation>
    </message>
    <message>
        <source>seeds</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Text encoder too</source>
        <translation>Auch den Text-Encoder</translation>
    </message>
    <message>
        <source>Samples of</source>
        <translation>Proben von</translation>
    </message>
    <message>
        <source>validation_prompt: what the samples show; empty: the caption</source>
        <translation>validation_prompt: was die Proben zeigen; leer: der Bildtext</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>resolution: side of the square whose area pictures get; 0: the model&apos;s own</source>
        <translation>resolution: Seite des Quadrats, dessen Fläche Bilder bekommen; 0: die des Modells</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>network_alpha: what is added counts alpha / rank; 0: the rank</source>
        <translation>network_alpha: Der Zusatz zählt Alpha / Rang; 0: der Rang</translation>
    </message>
    <message>
        <source>format: read by most programs</source>
        <translation>format: wird von den meisten Programmen gelesen</translation>
    </message>
    <message>
        <source>format: as diffusers saves</source>
        <translation>format: wie diffusers speichert</translation>
    </message>
    <message>
        <source>How the file spells its names</source>
        <translation>Wie die Datei ihre Namen schreibt</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Passes a step</source>
        <translation>Durchgänge</translation>
    </message>
    <message>
        <source>gradient_accumulation_steps: a larger batch without its memory</source>
        <translation>gradient_accumulation_steps: ein größerer Stapel ohne dessen Speicher</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Anlauf</translation>
    </message>
    <message>
        <source>lr_warmup_steps: the rate rises over so many steps</source>
        <translation>lr_warmup_steps: Die Rate steigt über so viele Schritte</translation>
    </message>
    <message>
        <source>Min-SNR</source>
        <translation>Min-SNR</translation>
    </message>
    <message>
        <source>snr_gamma: weighs steps by their noise; 5 is usual, 0: off</source>
        <translation>snr_gamma: gewichtet Schritte nach ihrem Rauschen; 5 ist üblich, 0: aus</translation>
    </message>
    <message>
        <source>Noise offset</source>
        <translation>Versatz</translation>
    </message>
    <message>
        <source>noise_offset: for very dark and very bright pictures; 0: off</source>
        <translation>noise_offset: für sehr dunkle und sehr helle Bilder; 0: aus</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>Zurückgelegt</translation>
    </message>
    <message>
        <source>validation_share: of the pictures, measured on and never learned</source>
        <translation>validation_share: von den Bildern; daran wird gemessen und nie gelernt</translation>
    </message>
    <message>
        <source>Its kind counts</source>
        <translation>Art zählt</translation>
    </message>
    <message>
        <source>prior_loss_weight: what pictures of its kind count</source>
        <translation>prior_loss_weight: was Bilder der Art zählen</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>seed: the same pictures, settings and seed give the same result</source>
        <translation>seed: Dieselben Bilder, Einstellungen und derselbe Startwert geben dasselbe Ergebnis</translation>
    </message>
    <message>
        <source>Saved every</source>
        <translation>Sichern alle</translation>
    </message>
    <message>
        <source>checkpointing_minutes: what a power cut can take, at most</source>
        <translation>checkpointing_minutes: was ein Stromausfall höchstens nimmt</translation>
    </message>
    <message>
        <source>Mirrored pictures too</source>
        <translation>Auch gespiegelte Bilder</translation>
    </message>
    <message>
        <source>random_flip: half of the pictures are mirrored. Not for writing or faces</source>
        <translation>random_flip: Die Hälfte der Bilder wird gespiegelt. Nicht bei Schrift oder Gesichtern</translation>
    </message>
    <message>
        <source>Average of the way</source>
        <translation>Mittel des Weges</translation>
    </message>
    <message>
        <source>use_ema: what is saved is the average of the last steps</source>
        <translation>use_ema: Gespeichert wird das Mittel der letzten Schritte</translation>
    </message>
    <message>
        <source>Less memory, more time</source>
        <translation>Weniger Speicher, mehr Zeit</translation>
    </message>
    <message>
        <source>gradient_checkpointing: layers are computed twice and not kept</source>
        <translation>gradient_checkpointing: Schichten werden zweimal berechnet und nicht behalten</translation>
    </message>
    <message>
        <source>DreamBooth</source>
        <translation>DreamBooth</translation>
    </message>
    <message>
        <source>adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>fixed while it runs</source>
        <translation>fest, solange es läuft</translation>
    </message>
    <message>
        <source>train_text_encoder: learns the word as well as the look; nearer, and sooner too near. Its own rate is under More</source>
        <translation>train_text_encoder: lernt das Wort wie das Aussehen; näher, und eher zu nah. Die eigene Rate steht unter Mehr</translation>
    </message>
    <message>
        <source>Adapter to go on from</source>
        <translation>Adapter, von dem es weitergeht</translation>
    </message>
    <message>
        <source>ip_adapter: the adapter that learns on; what it was is kept. Of the same family as the base model</source>
        <translation>ip_adapter: der Adapter, der weiterlernt; was er war, bleibt. Von derselben Familie wie das Basismodell</translation>
    </message>
    <message>
        <source>Choose a file: %1</source>
        <translation>Eine Datei wählen: %1</translation>
    </message>
    <message>
        <source>Goes on from</source>
        <translation>Weiter von</translation>
    </message>
    <message>
        <source>Encoder rate</source>
        <translation>Rate Encoder</translation>
    </message>
    <message>
        <source>text_encoder_learning_rate: how far a step goes in the text encoder, mostly less than elsewhere; 0: as elsewhere</source>
        <translation>text_encoder_learning_rate: wie weit ein Schritt im Text-Encoder geht, meist weniger als sonst; 0: wie sonst</translation>
    </message>
    <message>
        <source>Learning rate of the text encoder</source>
        <translation>Lernrate des Text-Encoders</translation>
    </message>
    <message>
        <source>The model&apos;s own</source>
        <translation>Vom Modell selbst</translation>
    </message>
</context>
<context>
    <name>likeness::TrainingProofPanel</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Proof</source>
        <translation>Beweis</translation>
    </message>
    <message>
        <source>so far</source>
        <translation>bisher</translation>
    </message>
    <message>
        <source>Without</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>With, step %1</source>
        <translation>Mit, Schritt %1</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 Schritte</translation>
    </message>
    <message>
        <source>With</source>
        <translation>Mit</translation>
    </message>
    <message>
        <source>Weights changed</source>
        <translation>Gewichte geändert</translation>
    </message>
    <message>
        <source>%1 of norm</source>
        <translation>%1 der Norm</translation>
    </message>
    <message>
        <source>weight_change: length of what was added, of the weights it was added to</source>
        <translation>weight_change: Länge des Zusatzes, gemessen an den Gewichten</translation>
    </message>
    <message>
        <source>weight_changes: the same for this group of layers</source>
        <translation>weight_changes: dasselbe für diese Gruppe von Schichten</translation>
    </message>
    <message>
        <source>Pictures changed</source>
        <translation>Bilder geändert</translation>
    </message>
    <message>
        <source>picture_change: mean difference of a pixel, the same seeds</source>
        <translation>picture_change: mittlerer Unterschied eines Pixels, dieselben Startwerte</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>Likeness to the dataset</source>
        <translation>Ähnlichkeit zum Datensatz</translation>
    </message>
    <message>
        <source>likeness: cosine of what the image encoder sees, without and with</source>
        <translation>likeness: Kosinus dessen, was der Bild-Encoder sieht, ohne und mit</translation>
    </message>
    <message>
        <source>Agreement with the prompt</source>
        <translation>Übereinstimmung mit Prompt</translation>
    </message>
    <message>
        <source>prompt: cosine between text and picture, without and with</source>
        <translation>prompt: Kosinus zwischen Text und Bild, ohne und mit</translation>
    </message>
    <message>
        <source>Overfit</source>
        <translation>Überanpassung</translation>
    </message>
    <message>
        <source>overfit: nearness to single pictures above that to their kind</source>
        <translation>overfit: Nähe zu einzelnen Bildern über der zu ihrer Art</translation>
    </message>
    <message>
        <source>Drift</source>
        <translation>Drift</translation>
    </message>
    <message>
        <source>drift: how far pictures of another prompt have moved</source>
        <translation>drift: wie weit sich Bilder eines anderen Prompts bewegt haben</translation>
    </message>
    <message>
        <source>The pictures are nearer to the dataset.</source>
        <translation>Die Bilder sind dem Datensatz näher.</translation>
    </message>
    <message>
        <source>The pictures are not nearer to the dataset: more steps or a higher rate may help.</source>
        <translation>Die Bilder sind dem Datensatz nicht näher: Mehr Schritte oder eine höhere Rate können helfen.</translation>
    </message>
    <message>
        <source>It repeats single pictures: fewer steps or more pictures keep it free.</source>
        <translation>Es wiederholt einzelne Bilder: Weniger Schritte oder mehr Bilder halten es frei.</translation>
    </message>
    <message>
        <source>Others of its kind have changed too: let its kind count more, or take a lower rate.</source>
        <translation>Auch andere dieser Art haben sich geändert: Die Art mehr zählen lassen oder eine kleinere Rate wählen.</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>Übergreifen</translation>
    </message>
    <message>
        <source>spread: by how much nearer to the dataset pictures of another prompt have come</source>
        <translation>spread: um wie viel näher Bilder eines anderen Prompts dem Datensatz gekommen sind</translation>
    </message>
</context>
<context>
    <name>likeness::TrainingSet</name>
    <message>
        <source>no caption of its own</source>
        <translation>kein eigener Bildtext</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message>
        <source>%1, %2 x %3 px
%4</source>
        <translation>%1, %2 x %3 px
%4</translation>
    </message>
    <message>
        <source>there is no picture in this folder.</source>
        <translation>In diesem Ordner ist kein Bild.</translation>
    </message>
    <message>
        <source>%1 more pictures</source>
        <translation>%1 weitere Bilder</translation>
    </message>
    <message>
        <source>at most %1 are taken at once.</source>
        <translation>Höchstens %1 werden auf einmal genommen.</translation>
    </message>
    <message>
        <source>The dataset</source>
        <translation>Der Datensatz</translation>
    </message>
    <message>
        <source>a training runs; stop it to add pictures.</source>
        <translation>Ein Training läuft; zum Hinzufügen anhalten.</translation>
    </message>
    <message>
        <source>%1 pictures are in the dataset already</source>
        <translation>%1 Bilder sind schon im Datensatz</translation>
    </message>
    <message>
        <source>%1 is missing. It was %2</source>
        <translation>%1 fehlt. Es war %2</translation>
    </message>
    <message>
        <source>1 missing picture is found again</source>
        <translation>1 fehlendes Bild ist wiedergefunden</translation>
    </message>
    <message>
        <source>%1 missing pictures are found again</source>
        <translation>%1 fehlende Bilder sind wiedergefunden</translation>
    </message>
    <message>
        <source>%1 of the missing pictures are not in it, by name or by content.</source>
        <translation>%1 der fehlenden Bilder sind nicht darin, weder dem Namen noch dem Inhalt nach.</translation>
    </message>
</context>
<context>
    <name>likeness::TrainingStrip</name>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>Fortschritt des Trainings</translation>
    </message>
    <message>
        <source>Keep what is learned</source>
        <translation>Gelerntes behalten</translation>
    </message>
    <message>
        <source>Ends here: what is learned by now is proved and becomes the result</source>
        <translation>Endet hier: Was bis jetzt gelernt ist, wird geprüft und das Ergebnis</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Go on with the training</source>
        <translation>Das Training fortsetzen</translation>
    </message>
    <message>
        <source>Pause the training</source>
        <translation>Das Training pausieren</translation>
    </message>
    <message>
        <source>Goes on from what is saved, as if it had never stopped (Space)</source>
        <translation>Geht vom Gesicherten weiter, als hätte es nie gehalten (Leertaste)</translation>
    </message>
    <message>
        <source>Stops after this step and saves it; the settings stay as they are (Space)</source>
        <translation>Hält nach diesem Schritt und sichert ihn; die Einstellungen bleiben (Leertaste)</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Discard the training</source>
        <translation>Das Training verwerfen</translation>
    </message>
    <message>
        <source>Stop the training</source>
        <translation>Das Training anhalten</translation>
    </message>
    <message>
        <source>What was learned so far is thrown away; pictures and settings stay</source>
        <translation>Was bisher gelernt ist, wird verworfen; Bilder und Einstellungen bleiben</translation>
    </message>
    <message>
        <source>Stops after this step and saves it; it can go on later (Esc)</source>
        <translation>Hält nach diesem Schritt und sichert ihn; es kann später weitergehen (Esc)</translation>
    </message>
</context>
<context>
    <name>likeness::TrainingText</name>
    <message>
        <source>Give it a name, such as harbour-mug.</source>
        <translation>Einen Namen geben, etwa harbour-mug.</translation>
    </message>
    <message>
        <source>A file cannot be named %1. Take letters, digits and hyphens.</source>
        <translation>Eine Datei kann nicht %1 heißen. Buchstaben, Ziffern und Bindestriche nehmen.</translation>
    </message>
    <message>
        <source>The name has %1 letters; %2 are the most.</source>
        <translation>Der Name hat %1 Zeichen; %2 sind das Höchste.</translation>
    </message>
</context>
<context>
    <name>likeness::UndoButtons</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Undo: %1 (Ctrl+Z)</source>
        <translation>Rückgängig: %1 (Strg+Z)</translation>
    </message>
    <message>
        <source>There is nothing to undo</source>
        <translation>Es gibt nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>Redo: %1 (Ctrl+Shift+Z)</source>
        <translation>Wiederholen: %1 (Strg+Umschalt+Z)</translation>
    </message>
    <message>
        <source>There is nothing to redo</source>
        <translation>Es gibt nichts zu wiederholen</translation>
    </message>
</context>
<context>
    <name>likeness::WordCard</name>
    <message>
        <source>Insert</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Remove this word</source>
        <translation>Dieses Wort entfernen</translation>
    </message>
    <message>
        <source>token: the word that stands for the file in prompts</source>
        <translation>token: das Wort, das in Prompts für die Datei steht</translation>
    </message>
    <message>
        <source>Learned word %1</source>
        <translation>Gelerntes Wort %1</translation>
    </message>
    <message>
        <source>Word of %1</source>
        <translation>Wort von %1</translation>
    </message>
    <message>
        <source>Put %1 into the prompt</source>
        <translation>%1 in den Prompt setzen</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Mute: the picture is made without this word</source>
        <translation>Stumm: das Bild entsteht ohne dieses Wort</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>%1 stumm schalten</translation>
    </message>
</context>
<context>
    <name>likeness::WorkspaceTabs</name>
    <message>
        <source>Workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>What the window is for now</source>
        <translation>Wofür das Fenster gerade da ist</translation>
    </message>
</context>
<context>
    <name>likeness::ZoomTools</name>
    <message>
        <source>Fit to the window (Ctrl+0)</source>
        <translation>In das Fenster einpassen (Strg+0)</translation>
    </message>
    <message>
        <source>Sharp pixels: enlarge by whole multiples (Ctrl+P)</source>
        <translation>Scharfe Pixel: nur um ganze Vielfache vergrößern (Strg+P)</translation>
    </message>
    <message>
        <source>Zoom out (Ctrl+-)</source>
        <translation>Verkleinern (Strg+-)</translation>
    </message>
    <message>
        <source>Zoom in (Ctrl++)</source>
        <translation>Vergrößern (Strg++)</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100 %</translation>
    </message>
    <message>
        <source>One picture pixel on one screen pixel (Ctrl+1)</source>
        <translation>Ein Bildpixel auf einem Bildschirmpixel (Strg+1)</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
</TS>
