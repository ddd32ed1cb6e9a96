/** The viewer of web/scene/, as `npm run viewer` writes it. It shows the scene of scene-data.ts. */
export const VIEWER_PROGRAM = String.raw`"use strict";(()=>{var[S,M]=[.1,.05];function v(t,e){q(t,e),J(t,e),t.addEventListener("wheel",o=>{o.preventDefault(),e.zoom(Math.
exp(o.deltaY/800))},{passive:!1})}function q(t,e){let o=new Map;t.addEventListener("pointerdown",r=>{t.setPointerCapture(
r.pointerId),o.set(r.pointerId,[r.clientX,r.clientY])});for(let r of["pointerup","pointercancel"])t.addEventListener(
r,n=>o.delete(n.pointerId));t.addEventListener("pointermove",r=>{let n=o.get(r.pointerId);if(!n)return;let c=[
r.clientX,r.clientY],[m,f]=[c[0]-n[0],c[1]-n[1]].map(i=>i/t.clientHeight),u=[...o].find(([i])=>i!==r.pointerId)?.[1];
if(u){let i=([a,s])=>Math.hypot(a-u[0],s-u[1]);e.zoom(i(n)/Math.max(1,i(c))),e.shift(m/2,f/2)}else r.shiftKey||
r.buttons===2?e.shift(m,f):e.turn(4*m,4*f);o.set(r.pointerId,c)}),t.addEventListener("contextmenu",r=>r.preventDefault())}
function J(t,e){let o={ArrowLeft:()=>e.turn(S,0),ArrowRight:()=>e.turn(-S,0),ArrowUp:()=>e.turn(0,S),ArrowDown:()=>e.
turn(0,-S),"+":()=>e.zoom(.9),"=":()=>e.zoom(.9),"-":()=>e.zoom(1.1),a:()=>e.shift(M,0),d:()=>e.shift(-M,0),w:()=>e.
shift(0,-M),s:()=>e.shift(0,M),0:()=>e.home()};t.addEventListener("keydown",r=>{let n=o[r.key];!n||r.ctrlKey||
r.metaKey||r.altKey||(r.preventDefault(),n())})}function g(t){return t.reduce((e,o)=>[e[0]+o[0],e[1]+o[1],e[2]+o[2]],[0,0,0])}function l([t,e,o],r){return[t*r,
e*r,o*r]}function T(t,e){return t[0]*e[0]+t[1]*e[1]+t[2]*e[2]}function w(t,e){return[t[1]*e[2]-t[2]*e[1],t[2]*
e[0]-t[0]*e[2],t[0]*e[1]-t[1]*e[0]]}function A(t){return l(t,1/Math.hypot(...t))}function x(t){return t.toSorted(
(e,o)=>e-o)[t.length>>1]??0}var O=14;function U(t){let e=o=>[t[o],t[o+1],t[o+2]];return Array.from({length:t.length/O},(o,r)=>{let n=r*O;return{
centre:e(n),right:e(n+3),down:e(n+6),forward:e(n+9),across:t[n+12],along:t[n+13]}})}var Z=[0,-1,0];function D(t){
let e=g(t.map(o=>o.down));return T(e,e)===0?Z:A(l(e,-1))}var Q=2e4;function N(t,e){let o=Math.max(1,Math.floor(
t.length/3/Q))*3,r=i=>{let a=[];for(let s=i;s<t.length;s+=o)a.push(t[s]);return a},n=[r(0),r(1),r(2)],c=[x(n[0]),
x(n[1]),x(n[2])],m=(i,a,s)=>Math.hypot(i-c[0],a-c[1],s-c[2]),f=x(e.map(({centre:i})=>m(...i))),u=n[0].map((i,a)=>m(
i,n[1][a],n[2][a])).sort((i,a)=>i-a);return{middle:c,reach:f||1.6*(u[Math.floor(.95*u.length)]??0)||1}}var ee=.07,
te=[0,1,0,2,0,3,0,4,1,2,2,3,3,4,4,1,1,5,5,2];function H(t,{reach:e}){let o=ee*e,r=t.flatMap(({centre:n,right:c,
down:m,forward:f,across:u,along:i})=>{let a=(h,p)=>g([n,l(f,o),l(c,h*o),l(m,p*o)]),s=[a(-u,-i),a(u,-i),a(u,i),
a(-u,i)];return[n,...s,a(0,-1.5*i)]});return{positions:Float32Array.from(r.flat()),lines:Uint32Array.from(t.flatMap(
(n,c)=>te.map(m=>6*c+m)))}}var L={turn:.6,rise:.6,distance:2.1,target:[0,0,0]},B=1.5,[re,C]=[.05,20];function G(t,e,o){return{...t,turn:t.
turn-e,rise:Math.max(-B,Math.min(B,t.rise+o))}}function z(t,e){return{...t,distance:Math.max(re,Math.min(C,t.distance*
e))}}function Y(t,e,o,r){let{right:n,above:c}=V(t,e),m=g([l(n,-o*t.distance),l(c,r*t.distance)]);return{...t,target:g(
[t.target,m])}}function V({turn:t,rise:e},o){let r=A(w(o,Math.abs(o[0])<.9?[1,0,0]:[0,1,0])),n=w(o,r),c=Math.cos(
e),m=g([l(r,c*Math.cos(t)),l(n,c*Math.sin(t))]),f=g([m,l(o,Math.sin(e))]),u=A(w(o,f));return{back:f,right:u,above:w(
f,u)}}var k=1/Math.tan(.4);function W(t,e,{middle:o,reach:r},n){let{back:c,right:m,above:f}=V(t,e),u=g([t.target,
l(c,t.distance)]),[i,a]=[t.distance/100,t.distance+C],[s,h]=[(a+i)/(i-a),2*a*i/(i-a)],p=[l(m,k/n),l(f,k),l(c,s),
l(c,-1)],d=[0,0,h,0],E=[0,1,2].flatMap(R=>p.map(F=>F[R]/r)),b=g([u,l(o,1/r)]);return Float32Array.from([...E,...p.
map((R,F)=>d[F]-T(R,b))])}var oe="#version 300 es\nin vec3 place;\nin vec3 colour;\nuniform mat4 view;\nuniform float size;\nout vec3 shade;\n\
out vec3 where;\nvoid main() {\n  gl_Position = view * vec4(place, 1.0);\n  shade = colour;\n  where = place;\n  gl\
_PointSize = clamp(size / gl_Position.w, 1.5, 12.0);\n}",ne="#version 300 es\nprecision highp float;\nin vec3 sh\
ade;\nin vec3 where;\nuniform int lit;\nuniform vec3 light;\nout vec4 seen;\nvoid main() {\n  float level = 1.0;\n  i\
f (lit == 1) {\n    vec3 n = normalize(cross(dFdx(where), dFdy(where)));\n    level = 0.55 + 0.45 * abs(dot(n, l\
ight));\n  }\n  seen = vec4(shade * level, 1.0);\n}",[K,P]=[0,1],se=[1,.72,.2],ie=[.086,.098,.118];function X(t){
let e=t.getContext("webgl2",{antialias:!0,preserveDrawingBuffer:!0});if(!e)throw new Error("This browser has n\
o WebGL 2, so the model is not shown. The PLY and GLB files open elsewhere.");let o=ae(e);e.useProgram(o),e.enable(
e.DEPTH_TEST);let r=s=>e.getUniformLocation(o,s),[n,c,m,f]=[r("view"),r("size"),r("lit"),r("light")],u={points:e.
POINTS,lines:e.LINES,triangles:e.TRIANGLES},i=[],a=(s,h,p)=>{e.bindBuffer(e.ARRAY_BUFFER,e.createBuffer()),e.bufferData(
e.ARRAY_BUFFER,h,e.STATIC_DRAW),e.enableVertexAttribArray(s),e.vertexAttribPointer(s,3,p,p===e.UNSIGNED_BYTE,0,
0)};return{add(s){let h=e.createVertexArray();return e.bindVertexArray(h),a(K,s.positions,e.FLOAT),s.colours&&
a(P,s.colours,e.UNSIGNED_BYTE),s.indexes&&(e.bindBuffer(e.ELEMENT_ARRAY_BUFFER,e.createBuffer()),e.bufferData(
e.ELEMENT_ARRAY_BUFFER,s.indexes,e.STATIC_DRAW)),i.push({array:h,count:s.indexes?.length??s.positions.length/3,
shape:s})-1},begin(s,h){e.viewport(0,0,t.width,t.height),e.clearColor(...ie,1),e.clear(e.COLOR_BUFFER_BIT|e.DEPTH_BUFFER_BIT),
e.uniformMatrix4fv(n,!1,s),e.uniform1f(c,t.height/180),e.uniform3fv(f,h)},draw(s){let{array:h,count:p,shape:d}=i[s];
e.bindVertexArray(h),e.uniform1i(m,d.kind==="triangles"?1:0),d.colours||e.vertexAttrib3f(P,...se),d.indexes?e.
drawElements(u[d.kind],p,e.UNSIGNED_INT,0):e.drawArrays(u[d.kind],0,p)},close:()=>e.getExtension("WEBGL_lose_c\
ontext")?.loseContext()}}function ae(t){let e=t.createProgram();for(let[o,r]of[[t.VERTEX_SHADER,oe],[t.FRAGMENT_SHADER,
ne]]){let n=t.createShader(o);t.shaderSource(n,r),t.compileShader(n),t.attachShader(e,n)}if(t.bindAttribLocation(
e,K,"place"),t.bindAttribLocation(e,P,"colour"),t.linkProgram(e),t.getProgramParameter(e,t.LINK_STATUS))return e;
throw new Error("The drawing program can't be linked: ".concat(t.getProgramInfoLog(e)))}var ce="cameras";function $(t,e,o){let r=X(t),[n,c]=[D(o),N(e,o)],m=new Map,f=L,u=0,i=()=>{u=0;let d=Math.min(
2,devicePixelRatio);t.width=Math.round(t.clientWidth*d),t.height=Math.round(t.clientHeight*d),r.begin(W(f,n,c,
t.width/Math.max(1,t.height)),V(f,n).back);for(let{shape:E,isShown:b}of m.values())b&&r.draw(E);t.dataset.drawn=
"".concat(Number(t.dataset.drawn??0)+1)},a=()=>{u||=requestAnimationFrame(i)},s=d=>{f=d,a()},h=(d,E)=>{m.set(d,
{shape:r.add(E),isShown:!0}),a()};if(o.length>0){let{positions:d,lines:E}=H(o,c);h(ce,{kind:"lines",positions:d,
indexes:E})}let p=new ResizeObserver(a);return p.observe(t),{add:h,show(d,E){let b=m.get(d);b&&(b.isShown=E),a()},
turn:(d,E)=>s(G(f,d,E)),zoom:d=>s(z(f,d)),shift:(d,E)=>s(Y(f,n,d,E)),home:()=>s(L),close(){p.disconnect(),cancelAnimationFrame(
u),r.close()}}}var y=JSON.parse(document.getElementById("scene").textContent),j=document.getElementById("view");try{let t=I(y.
points.positions),e=$(j,t,U(I(y.poses)));if(e.add("points",{kind:"points",positions:t,colours:_(y.points.colours)}),
y.mesh){let{positions:o,colours:r,indexes:n}=y.mesh,c=new Uint32Array(_(n).buffer);e.add("mesh",{kind:"triangl\
es",positions:I(o),colours:_(r),indexes:c})}v(j,e),document.getElementById("shown").addEventListener("change",
o=>{let{value:r,checked:n}=o.target;e.show(r,n)})}catch(t){document.getElementById("viewer-status").textContent=
t.message}function _(t){return Uint8Array.from(atob(t),e=>e.charCodeAt(0))}function I(t){return new Float32Array(
_(t).buffer)}})();`;
