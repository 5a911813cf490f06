// Devices and video streams.
import { expectTypeOf } from "expect-type";
import {
  LocalVideoStream,
  VideoStreamRenderer,
  type AudioDeviceInfo,
  type DeviceAccess,
  type DeviceManager,
  type MediaStreamType,
  type RemoteAudioStream,
  type RemoteVideoStream,
  type ScalingMode,
  type StreamSize,
  type VideoDeviceInfo,
  type VideoStreamRendererView,
} from "openline";

declare const devices: DeviceManager;
declare const remoteVideo: RemoteVideoStream;
declare const remoteAudio: RemoteAudioStream;
declare const microphone: AudioDeviceInfo;
declare const camera: VideoDeviceInfo;

expectTypeOf(devices.getCameras()).resolves.toEqualTypeOf<VideoDeviceInfo[]>();
expectTypeOf(devices.getMicrophones()).resolves.toEqualTypeOf<AudioDeviceInfo[]>();
expectTypeOf(devices.getSpeakers()).resolves.toEqualTypeOf<AudioDeviceInfo[]>();
expectTypeOf(devices.askDevicePermission({ audio: true, video: false })).resolves.toEqualTypeOf<DeviceAccess>();
expectTypeOf(devices.selectMicrophone(microphone)).resolves.toBeVoid();
expectTypeOf(devices.selectSpeaker(microphone)).resolves.toBeVoid();
expectTypeOf(devices.selectedMicrophone).toEqualTypeOf<AudioDeviceInfo | undefined>();
expectTypeOf(devices.isSpeakerSelectionAvailable).toBeBoolean();
expectTypeOf(devices.startPreheatDevices({ audio: { preheat: true, timeoutInSec: 30 } })).resolves.toBeVoid();
expectTypeOf(devices.stopPreheatDevices({ audio: true })).toBeVoid();
// @ts-expect-error both are said
void devices.askDevicePermission({ audio: true });
// @ts-expect-error an id is no device
void devices.selectMicrophone("default");

expectTypeOf(LocalVideoStream).toBeConstructibleWith(camera);
expectTypeOf(LocalVideoStream).toBeConstructibleWith(new MediaStream());
expectTypeOf(LocalVideoStream).toBeConstructibleWith(camera, { autoDisposeOnCallEnd: false });
const localVideo = new LocalVideoStream(camera);
expectTypeOf(localVideo.source).toEqualTypeOf<VideoDeviceInfo>();
expectTypeOf(localVideo.mediaStreamType).toEqualTypeOf<MediaStreamType>();
expectTypeOf(localVideo.switchSource(camera)).resolves.toBeVoid();
expectTypeOf(localVideo.setMediaStream(new MediaStream())).resolves.toBeVoid();
expectTypeOf(localVideo.getMediaStream()).resolves.toEqualTypeOf<MediaStream>();
expectTypeOf(localVideo.dispose()).toBeVoid();
// @ts-expect-error of what?
new LocalVideoStream();

expectTypeOf(remoteVideo.id).toBeNumber();
expectTypeOf(remoteVideo.size).toEqualTypeOf<StreamSize>();
expectTypeOf(remoteVideo.isAvailable).toBeBoolean();
expectTypeOf(remoteVideo.getMediaStream()).resolves.toEqualTypeOf<MediaStream>();
expectTypeOf(remoteAudio.getMediaStream()).resolves.toEqualTypeOf<MediaStream>();

const renderer = new VideoStreamRenderer(remoteVideo);
new VideoStreamRenderer(localVideo);
// @ts-expect-error a stream of ours
new VideoStreamRenderer(new MediaStream());
const view = renderer.createView({ isMirrored: true, scalingMode: "Fit" });
expectTypeOf(view).resolves.toEqualTypeOf<VideoStreamRendererView>();
expectTypeOf(renderer.size).toEqualTypeOf<StreamSize>();
expectTypeOf(renderer.dispose()).toBeVoid();
expectTypeOf<VideoStreamRendererView["target"]>().toEqualTypeOf<HTMLElement>();
expectTypeOf<VideoStreamRendererView["updateScalingMode"]>().parameter(0).toEqualTypeOf<ScalingMode>();
expectTypeOf<ScalingMode>().toEqualTypeOf<"Stretch" | "Crop" | "Fit">();
// @ts-expect-error there is no such mode
void renderer.createView({ scalingMode: "fit" });
